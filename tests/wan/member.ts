/**
 * A member of a real room as a process of its own, for a network of its own. `member.ts URL [LINK]` comes into the room
 * of LINK, or makes one at the server; then each line on standard input is said in the room, and each line on standard
 * output is JSON of what there is to tell. Ends with its standard input.
 */
import { createInterface } from 'node:readline'
import * as Y from 'yjs'
import { foundRoom } from '../faults/real-rooms.ts'
import { joinAsNode, lookUpRoom } from '../support/node-member.ts'

export type MemberTells =
	| { readonly type: 'here'; readonly link: string }
	| { readonly type: 'links'; readonly direct: number; readonly relayed: number }
	/** `atMs` by the wall clock, which all members on one machine share. */
	| { readonly type: 'heard'; readonly text: string; readonly atMs: number }
	| { readonly type: 'said'; readonly text: string; readonly atMs: number }
	/** Everything that this member knows to have been said, in its order. */
	| { readonly type: 'all'; readonly texts: readonly string[] }

const [url = '', given] = process.argv.slice(2)
const tell = (what: MemberTells): void => void process.stdout.write(`${JSON.stringify(what)}\n`)
const nowMs = () => performance.timeOrigin + performance.now()

const link = given ?? (await foundRoom(url))
const member = await joinAsNode(await lookUpRoom(link), new Y.Doc())
const texts = () => member.room.state().chat.map(({ text }) => text ?? '')
const heard = new Set<string>()
member.room.onChange(() => {
	for (const text of texts()) {
		if (heard.has(text)) continue
		heard.add(text)
		tell({ type: 'heard', text, atMs: nowMs() })
	}
})
member.mesh.on(() => {
	const links = member.mesh.links()
	const relayed = links.filter(({ path }) => path === 'relayed').length
	tell({ type: 'links', direct: links.length - relayed, relayed })
})
tell({ type: 'here', link })

for await (const line of createInterface(process.stdin)) {
	if (line === '') {
		tell({ type: 'all', texts: texts() })
		continue
	}
	heard.add(line)
	const atMs = nowMs()
	const outcome = await member.room.chat.send(line)
	if (outcome.type !== 'done') throw new Error(`not said: ${outcome.type}`)
	tell({ type: 'said', text: line, atMs })
}
member.stop()
process.exit(0)
