/**
 * What the reader writes, where it is about another message: an answer, an edit, or own words taken back and written
 * again. What was half written before an edit comes back after it.
 */
import { tick } from 'svelte'
import type { ChatMessage } from '#lib/core/state.ts'
import type { MessageId } from '#lib/core/units.ts'
import { chatWords } from '#lib/words/chat.ts'
import type { CommandResult, NameOf, RoomScreenProps } from '../../props.ts'

interface AnsweringDeps {
	readonly room: () => RoomScreenProps
	readonly chat: () => readonly ChatMessage[]
	readonly messageOf: (id: MessageId) => ChatMessage | undefined
	readonly nameOf: NameOf
	readonly draft: () => string
	readonly setDraft: (text: string) => void
	readonly input: () => HTMLTextAreaElement | undefined
	readonly clearNew: () => void
	readonly toNewest: () => void
	/** Removed: the focus has to go somewhere. */
	readonly focusLog: () => void
}

const SHOWN_CHARS = 160

export const createAnswering = (deps: AnsweringDeps) => {
	const { room, chat, messageOf, setDraft } = deps
	const me = $derived(room().state.me)
	const mySubject = $derived(room().state.members.find(({ device }) => device === me)?.subject)
	let about = $state.raw<{ readonly type: 'reply' | 'edit'; readonly message: ChatMessage } | null>(null)
	/** What was half written when an edit began. */
	let draftBefore = ''
	/** Own words that were taken back on this page, to be written again. */
	let takenBack = $state.raw<readonly ChatMessage[]>([])

	const isMine = (message: ChatMessage): boolean =>
		message.from === me ||
		(mySubject !== undefined &&
			room().state.members.find(({ device }) => device === message.from)?.subject === mySubject)
	const shown = $derived.by(() => {
		if (about === null) return null
		// Taken back meanwhile: there is nothing to answer or to edit any more.
		const message = messageOf(about.message.id)
		if (message === undefined) return null
		const words = chatWords()
		const title =
			about.type === 'edit'
				? words.editing
				: isMine(message)
					? words.replyingToYou
					: words.replying(deps.nameOf(message.from).name)
		return { type: about.type, title, text: message.text.slice(0, SHOWN_CHARS) }
	})

	const stop = (): void => {
		if (about?.type === 'edit') setDraft(draftBefore)
		about = null
		draftBefore = ''
	}
	const write = async (): Promise<void> => {
		await tick()
		deps.input()?.focus()
	}
	const edit = async (message: ChatMessage): Promise<void> => {
		stop()
		draftBefore = deps.draft()
		about = { type: 'edit', message }
		setDraft(message.text)
		await write()
		deps.input()?.setSelectionRange(message.text.length, message.text.length)
	}

	return {
		isMine,
		/** What is being answered or edited, in words; null where nothing is. */
		get shown() {
			return shown
		},
		takenBackOf: (id: MessageId): ChatMessage | undefined => takenBack.find((message) => message.id === id),
		stop,
		reply: async (message: ChatMessage): Promise<void> => {
			stop()
			about = { type: 'reply', message }
			await write()
		},
		edit,
		/** The reader's last; false where there is none, or no right to. */
		editLast: (): boolean => {
			const last = room().canDo('chat') === null && about === null ? chat().findLast(isMine) : undefined
			if (last !== undefined) void edit(last)
			return last !== undefined
		},
		say: async (text: string): Promise<CommandResult> => {
			const { commands } = room()
			const now = shown === null ? null : about
			const result = await (now === null
				? commands.say(text)
				: now.type === 'edit'
					? commands.edit(now.message.id, text)
					: commands.say(text, now.message.id))
			if (result.type === 'done' && now?.type !== 'edit') deps.clearNew()
			return result
		},
		/** It has been said. */
		onsaid: (): void => {
			const was = about?.type
			stop()
			if (was !== 'edit') deps.toNewest()
		},
		remove: (message: ChatMessage): void => {
			if (isMine(message)) takenBack = [...takenBack, message]
			room().commands.unsay(message.id)
			deps.focusLog()
		},
		writeAgain: async ({ text, replyTo }: ChatMessage): Promise<void> => {
			stop()
			const draft = deps.draft()
			setDraft(draft.trim() === '' ? text : `${draft.trimEnd()}\n${text}`)
			const answered = replyTo === null ? undefined : messageOf(replyTo)
			if (answered !== undefined) about = { type: 'reply', message: answered }
			await write()
		},
	}
}
