/**
 * Why the server is away, where that is for somebody to mend: the words are fetched once there is something to say.
 */
import type { ServerApi } from './server-api.ts'
import type { TroubleWords } from './server-trouble.ts'

/** Null while the server is there or merely away, and where the words themselves cannot be fetched. */
export const whyAway = async (
	api: Pick<ServerApi, 'trouble'>,
	isOnline = true,
): Promise<TroubleWords | null> => {
	const trouble = isOnline ? api.trouble() : ({ type: 'offline' } as const)
	if (trouble === null) return null
	try {
		return (await import('./server-trouble.ts')).describeTrouble(trouble)
	} catch (error) {
		console.warn(trouble, error)
		return null
	}
}

/** The same for a screen that is drawn again and again: `text` is what is known so far. */
export const createAwayWatch = (
	api: Pick<ServerApi, 'trouble'>,
	onChange: () => void,
): { text(): string | null } => {
	let of: ReturnType<ServerApi['trouble']> = null
	let text: string | null = null
	return {
		text() {
			const trouble = api.trouble()
			if (trouble === of) return text
			of = trouble
			text = null
			void whyAway(api).then((words) => {
				if (of !== trouble || words === null) return
				text = words.detail
				onChange()
			})
			return text
		},
	}
}
