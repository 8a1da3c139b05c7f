/** For screens without a session behind them, in tests and the playground: nobody has a file. */
import type { LocalFiles } from '#lib/core/own-files.ts'

export const noFiles: LocalFiles = {
	offerFile: async () => ({ type: 'cancelled' }),
	offering: () => null,
	useFile: async () => ({ type: 'nothing' }),
	useAnyway: async () => ({ type: 'nothing' }),
	reopen: async () => ({ type: 'nothing' }),
	cancel: () => undefined,
	stateOf: () => ({ type: 'none' }),
	forget: async () => undefined,
	pick: async () => null,
}
