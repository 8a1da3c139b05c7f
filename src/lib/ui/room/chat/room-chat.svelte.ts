/**
 * What a room's screen remembers of its chat: who is muted here, what is unread and for whom it is meant, and what the
 * reader last said.
 */
import { untrack } from 'svelte'
import type { ChatMessage } from '#lib/core/state.ts'
import type { DeviceId, Millis } from '#lib/core/units.ts'
import type { RoomScreenProps } from '../../props.ts'
import { createUnread } from '../unread.svelte.ts'
import { createChatChoices } from './choices.svelte.ts'
import { devicesOf, distinct, withDevice } from './find-names.ts'
import { createMentionMarks } from './mention-marks.svelte.ts'

interface RoomChatDeps {
	readonly room: () => RoomScreenProps
	/** The reader sees the newest line. */
	readonly isReading: () => boolean
}

export const createRoomChat = ({ room, isReading }: RoomChatDeps) => {
	const choices = createChatChoices()
	const state = $derived(room().state)
	const me = $derived(state.me)
	const marks = createMentionMarks(() => state.members)

	const mutedDevices = $derived(
		devicesOf(
			state.members.filter(({ device }) => device !== me),
			choices.now.muted.map(({ subject }) => subject),
		),
	)
	const chat = $derived(
		mutedDevices.size === 0 ? state.chat : state.chat.filter(({ from }) => !mutedDevices.has(from)),
	)
	/** All of the reader's. */
	const myDevices = $derived(
		withDevice(
			devicesOf(
				state.members,
				state.members.filter(({ device }) => device === me).map(({ subject }) => subject),
			),
			me,
		),
	)
	const authorOf = (id: string): DeviceId => id.slice(0, id.indexOf('.')) as DeviceId

	const isForMe = (message: ChatMessage): boolean =>
		!myDevices.has(message.from) &&
		((message.replyTo !== null && myDevices.has(authorOf(message.replyTo))) ||
			marks(message.text).some(({ devices }) => devices.includes(me)))

	const unread = createUnread({
		chat: () => chat,
		me: () => me,
		sinceMs: untrack(() => room().nowMs()),
		isReading,
		isForMe,
	})
	const lastSaidMs = $derived.by((): Millis | null => {
		const mine = chat.filter(({ from }) => myDevices.has(from))
		return mine.length === 0
			? null
			: Math.max(...mine.slice(-300).map(({ atMs, editedAtMs }) => Math.max(atMs, editedAtMs ?? 0)))
	})

	return {
		choices,
		marks,
		isForMe,
		unread,
		isMuted: (device: DeviceId): boolean => mutedDevices.has(device),
		/** Without what muted people say. */
		get messages() {
			return chat
		},
		get lastSaidMs() {
			return lastSaidMs
		},
		/** Whom the reader can mention: those who are here first. */
		names: (): readonly string[] => {
			const here = room().people.filter(({ isMe }) => !isMe)
			const others = state.members.filter(({ role, device }) => role !== 'banned' && !myDevices.has(device))
			return distinct([...here, ...others].map(({ name }) => name))
		},
		/** Null where nobody is known by this device. */
		mute: (device: DeviceId): string | null => {
			const member = state.members.find((one) => one.device === device)
			if (member === undefined || myDevices.has(device)) return null
			choices.mute({ subject: member.subject, name: member.name })
			return member.name
		},
	}
}
