/**
 * Real rooms at a real server, with members without screens over real data channels: what is killed under them, and
 * what must not be lost by it.
 */
import * as Y from 'yjs'
import { makeRoom } from '#lib/session/create-room.ts'
import { createServerApi } from '#lib/session/server-api.ts'
import type { AppServer } from '../support/app.ts'
import { joinAsNode, lookUpRoom, type FoundRoom, type NodeMember } from '../support/node-member.ts'
import { createDevice, cryptoRandom, waitUntil } from '../support/wrtc.ts'

/** Limits of one address would meet many members of one machine first. */
export const UNLIMITED: Readonly<Record<string, string>> = Object.fromEntries(
	[
		'MAX_SOCKETS_PER_ADDRESS',
		'MAX_SOCKETS_PER_SUBJECT',
		'IDENTITIES_PER_MINUTE',
		'TICKETS_PER_MINUTE',
		'ROOMS_PER_MINUTE',
		'READS_PER_MINUTE',
	].map((name) => [name, '1000000']),
)

/** Registers a new room with the server; its link. */
export const foundRoom = async (url: string): Promise<string> => {
	const signer = await createDevice()
	const api = createServerApi({
		fetch: (path, init) => fetch(new URL(path as string, url), init),
		pageOrigin: url,
		wallNowMs: () => Date.now(),
	})
	const identity = await api.identity(signer, 'Robin')
	if (identity.type !== 'ok') throw new Error(`no identity: ${identity.type}`)
	const { code, keys, sealedRoot } = await makeRoom(
		{ subtle: crypto.subtle, random: cryptoRandom, signer, wallNowMs: () => Date.now() },
		{ title: 'Faults', ownerSubject: identity.value.subject },
		'',
	)
	const registered = await api.registerRoom(keys.lookupId, sealedRoot, identity.value.token)
	if (registered.type !== 'ok') throw new Error(`not registered: ${registered.type}`)
	return `${url}/r#${code}`
}

export interface RealRoom {
	readonly members: readonly NodeMember[]
	readonly found: FoundRoom
	/** Links that went down, over all members, since the room was whole. */
	linksDropped(): number
	/** Every member says one thing more that nobody has said before. */
	sayAll(): Promise<void>
	said(): number
	/** Of all that was said, what somebody has not (or twice), over all members. */
	missing(): { lost: number; doubled: number }
	/** Everybody knows everybody and has a link with them. */
	isWhole(): boolean
	/** One more, who stays. */
	addMember(): Promise<NodeMember>
	/** One leaves; what they said stays. */
	removeMember(member: NodeMember): void
	/** One of them says something that nobody has said before. */
	say(member: NodeMember): Promise<void>
	readonly texts: ReadonlySet<string>
	readonly link: string
	stop(): void
}

/** In larger rooms not everybody has a link with everybody. */
const FULL_MESH_MAX = 12
const LINKS_MIN = 3

export const openRealRoom = async (app: AppServer, size: number): Promise<RealRoom> => {
	const link = await foundRoom(app.url)
	const found = await lookUpRoom(link)
	const members: NodeMember[] = []
	const said = new Set<string>()
	let dropped = 0
	let counted = 0

	const addMember = async (): Promise<NodeMember> => {
		const member = await joinAsNode(found, new Y.Doc())
		member.mesh.on((event) => {
			if (event.type === 'peer-down') dropped++
		})
		members.push(member)
		return member
	}
	const isWhole = (): boolean =>
		members.every(
			({ mesh, signaling }) =>
				signaling.isOpen() &&
				// Others, in browsers, may be there as well.
				signaling.roster().length >= members.length - 1 &&
				mesh.links().length >= (members.length <= FULL_MESH_MAX ? members.length - 1 : LINKS_MIN),
		)
	for (let i = 0; i < size; i++) await addMember()
	if (!(await waitUntil(isWhole, 60_000))) throw new Error('the room did not become whole')
	dropped = 0

	const missing = () => {
		let lost = 0
		let doubled = 0
		for (const { room } of members) {
			const texts = room.state().chat.map(({ text }) => text)
			const counts = new Map<string, number>()
			for (const text of texts) counts.set(text ?? '', (counts.get(text ?? '') ?? 0) + 1)
			for (const text of said) {
				const count = counts.get(text) ?? 0
				if (count === 0) lost++
				else doubled += count - 1
			}
		}
		return { lost, doubled }
	}

	const say = async (member: NodeMember): Promise<void> => {
		const text = `line ${String(counted++)}.`
		const outcome = await member.room.chat.send(text)
		if (outcome.type !== 'done') throw new Error(`not said: ${outcome.type}`)
		said.add(text)
	}

	return {
		members,
		found,
		link,
		texts: said,
		say,
		removeMember: (member) => {
			members.splice(members.indexOf(member), 1)
			member.stop()
		},
		linksDropped: () => dropped,
		sayAll: async () => {
			await Promise.all(members.map(say))
		},
		said: () => said.size,
		missing,
		isWhole,
		addMember,
		stop: () => {
			for (const member of members) member.stop()
		},
	}
}
