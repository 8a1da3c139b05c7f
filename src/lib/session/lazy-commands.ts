/**
 * The room's commands before their code is here: each waits for it and then does what was asked. Fetched with the
 * first touch of the page, so that whatever a person presses first is there when the finger lifts.
 */
import type { Commands } from './commands.ts'
import type { CommandResult } from './people-commands.ts'
import { notFetched } from './why-not.ts'

export interface LazyCommands {
	/** Everything but what is `ready` answers with a promise until the code is here. */
	readonly commands: Commands
	/** Fetches the code; idempotent, never rejects. */
	preload(): Promise<void>
}

type Command = (...args: readonly unknown[]) => unknown

/** `ready`: what can be answered at once; `onFailure`: something was asked and the code could not be fetched. */
export const createLazyCommands = (
	load: () => Promise<Commands>,
	ready: Partial<Commands>,
	onFailure: (error: unknown) => void,
): LazyCommands => {
	let loaded: Commands | null = null
	let loading: Promise<Commands> | null = null
	const fetchAll = async (): Promise<Commands> => {
		try {
			return (loaded = await (loading ??= load()))
		} catch (error) {
			loading = null
			throw error
		}
	}
	const later =
		(name: keyof Commands): Command =>
		async (...args): Promise<unknown> => {
			try {
				return ((await fetchAll())[name] as Command)(...args)
			} catch (error) {
				onFailure(error)
				// What every command that answers in words may answer; the others' answers nobody reads.
				return { type: 'refused', message: notFetched() } satisfies CommandResult
			}
		}
	const waiting = new Map<string, Command>()
	const commands = new Proxy({} as Commands, {
		get: (_none, key) => {
			const name = key as keyof Commands
			const known = loaded?.[name] ?? ready[name]
			if (known !== undefined) return known
			const command = waiting.get(name) ?? later(name)
			waiting.set(name, command)
			return command
		},
	})
	return {
		commands,
		preload: () => fetchAll().then(() => undefined, onFailure),
	}
}
