/** The playground's two members on this page's own time. */
import { createSystemTimers } from '#lib/transport/timers.ts'
import { createTwoMembers, type TwoMembers } from './two-members.ts'

export type { MemberNow, TwoMembers } from './two-members.ts'

export const createPlayground = (): TwoMembers =>
	createTwoMembers({
		timers: createSystemTimers(globalThis),
		wallNowMs: () => Date.now(),
		seed: Math.floor(Math.random() * 2 ** 32),
	})
