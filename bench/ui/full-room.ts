/**
 * A room as full as people make it: 1,000 messages and 300 videos written by many, and 100 people who are here, in
 * processes of their own and linked through the server.
 */
import * as Y from 'yjs'
import { createAuthor, joinAsNode, lookUpRoom } from '../../tests/support/node-member.ts'
import { sleep } from '../../tests/support/wrtc.ts'
import { createHost } from '../large/host.ts'

export interface Fullness {
	readonly messages: number
	readonly videos: number
	readonly people: number
}

const AUTHORS = 10
const SETTLE_MS = 3_000

/** Fills the room behind `link`; those who are here leave with `close`. */
export const fillRoom = async (link: string, { messages, videos, people }: Fullness) => {
	const found = await lookUpRoom(link)
	const doc = new Y.Doc()
	for (let n = 0; n < AUTHORS; n++) {
		const room = await createAuthor(found, doc, `Writer ${String(n + 1)}`)
		for (let i = 0; i < messages / AUTHORS; i++) {
			const outcome = await room.chat.send(
				`Line ${String(i)} of ${String(n)}: did you see that at 1:${String(10 + n)}?`,
			)
			if (outcome.type !== 'done') throw new Error(`not said: ${outcome.type}`)
		}
		const items = Array.from({ length: videos / AUTHORS }, (_, i) => ({
			media: { kind: 'file' as const, url: `https://media.example/${String(n)}/${String(i)}.mp4` },
			title: `Film ${String(i)} of writer ${String(n)}`,
			durationS: 5_400,
		}))
		const added = await room.queue.addMany(items, 'end')
		if (added.type !== 'done') throw new Error(`not added: ${added.type}`)
		room.dispose()
	}
	const bringer = await joinAsNode(found, doc)
	const host = await createHost()
	await host.start({ link, from: 1, count: people - 2, relayOnly: people - 2 })
	await sleep(SETTLE_MS)
	return {
		close: async () => {
			bringer.stop()
			host.end()
		},
	}
}
