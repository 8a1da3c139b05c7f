/**
 * What pages and the service worker say to each other. Both sides may be of different versions: what is not
 * understood is not answered.
 */

/** Why a version could not be kept on the device. */
export type WhyNotKept =
	/** No storage left for it. */
	| 'full'
	/** A file could not be fetched. */
	| 'not-fetched'
	/** Page and files were of different versions: the server was being updated. */
	| 'mixed'
	/** The browser refuses to keep anything here. */
	| 'refused'

const WHY: readonly WhyNotKept[] = ['full', 'not-fetched', 'mixed', 'refused']

/** From a page. All but `take-over` and `here` bring a port for the answer. */
export type PageWord =
	/** Which version are you, and do you have all of it? What is missing is fetched. */
	| { readonly type: 'matinee-how' }
	/** Which version are you? */
	| { readonly type: 'matinee-which' }
	/** Do not wait for the pages of older versions to close. */
	| { readonly type: 'matinee-take-over' }
	/** A page has come: older versions may have nobody left. */
	| { readonly type: 'matinee-here' }

/** To pages. */
export type WorkerWord =
	/** Which version are you? Answered with a `VersionWord` on the port. */
	| { readonly type: 'matinee-which' }
	/** A version was to be kept on this device and could not be. */
	| { readonly type: 'matinee-not-kept'; readonly why: WhyNotKept }

export interface VersionWord {
	readonly version: string
}

/** `why` null: this version is kept whole. */
export interface HowWord extends VersionWord {
	readonly why: WhyNotKept | null
}

const fieldsOf = (data: unknown): Readonly<Record<string, unknown>> =>
	typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}

const isWhy = (value: unknown): value is WhyNotKept => WHY.includes(value as WhyNotKept)

export const parsePageWord = (data: unknown): PageWord | null => {
	const { type } = fieldsOf(data)
	switch (type) {
		case 'matinee-how':
		case 'matinee-which':
		case 'matinee-take-over':
		case 'matinee-here':
			return { type }
		default:
			return null
	}
}

export const parseWorkerWord = (data: unknown): WorkerWord | null => {
	const { type, why } = fieldsOf(data)
	if (type === 'matinee-which') return { type }
	return type === 'matinee-not-kept' && isWhy(why) ? { type, why } : null
}

export const parseVersionWord = (data: unknown): VersionWord | null => {
	const { version } = fieldsOf(data)
	return typeof version === 'string' ? { version } : null
}

export const parseHowWord = (data: unknown): HowWord | null => {
	const { version, why } = fieldsOf(data)
	if (typeof version !== 'string') return null
	return why === null || isWhy(why) ? { version, why } : null
}

export interface Listener {
	postMessage(message: unknown, transfer: Transferable[]): void
}

/** Asks and waits for one answer on a port of its own; null where none comes in time, or one that is not understood. */
export const ask = async <T>(
	whom: Listener,
	word: PageWord | WorkerWord,
	parse: (data: unknown) => T | null,
	wait: (ms: number) => Promise<void>,
	patienceMs: number,
): Promise<T | null> => {
	const { port1, port2 } = new MessageChannel()
	try {
		const answer = new Promise<T | null>((resolve) => {
			port1.onmessage = ({ data }) => {
				resolve(parse(data))
			}
		})
		whom.postMessage(word, [port2])
		return await Promise.race([answer, wait(patienceMs).then(() => null)])
	} finally {
		port1.close()
	}
}
