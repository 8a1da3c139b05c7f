/**
 * The gate to what is of this moment only (`live.ts`), which comes with the parts that nobody misses in the first
 * seconds: before then nobody writes here, and nobody is seen to.
 */
import type { ChatLive, ChatLiveDeps, Float } from './live.ts'

export type LiveChat = Omit<ChatLive, 'stop'>

export interface LiveGate {
	readonly live: LiveChat
	/** Idempotent; never rejects. */
	load(): void
	/** Idempotent. */
	stop(): void
}

export const createLiveGate = (deps: () => ChatLiveDeps): LiveGate => {
	let made: ChatLive | null = null
	let isAsked = false
	let isStopped = false
	const listeners = new Set<(float: Float) => void>()
	return {
		live: {
			typing: () => made?.typing() ?? [],
			setTyping: (isTyping) => made?.setTyping(isTyping),
			float: (emoji) => made?.float(emoji) ?? false,
			onFloat: (fn) => {
				listeners.add(fn)
				return () => listeners.delete(fn)
			},
		},
		load: () => {
			if (isAsked) return
			isAsked = true
			import('./live.ts').then(
				({ createChatLive }) => {
					if (isStopped) return
					made = createChatLive(deps())
					made.onFloat((float) => {
						for (const fn of [...listeners]) fn(float)
					})
				},
				(error: unknown) => {
					// Nobody is seen writing until the page comes again; messages come and go as ever.
					console.warn('What shows who is writing could not be fetched.', error)
					isAsked = false
				},
			)
		},
		stop: () => {
			isStopped = true
			made?.stop()
		},
	}
}
