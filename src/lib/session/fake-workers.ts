/**
 * A browser's service workers, as far as the page's side uses them, driven by a test.
 */
import { ask, parseHowWord, parsePageWord, parseVersionWord, type HowWord } from '#lib/shell/worker-words.ts'

interface FakeWorker extends EventTarget {
	state: ServiceWorkerState
	readonly version: string
	postMessage(message: unknown, transfer?: Transferable[]): void
}

type Place = 'installing' | 'waiting' | 'active'

export const createFakeWorkers = () => {
	const heard: string[] = []
	let found: string | null = null
	let looks = 0
	let how: Omit<HowWord, 'version'> | 'silent' = { why: null }
	let refusal: Error | null = null
	const registration = Object.assign(new EventTarget(), {
		installing: null as FakeWorker | null,
		waiting: null as FakeWorker | null,
		active: null as FakeWorker | null,
		update: async () => {
			looks++
			if (found !== null) beginInstalling(found)
			found = null
		},
	})
	const container = Object.assign(new EventTarget(), {
		startMessages: () => undefined,
		getRegistration: async () => registration,
		register: async () => {
			if (refusal !== null) throw refusal
			return registration
		},
	})

	const createWorker = (version: string, state: ServiceWorkerState): FakeWorker =>
		Object.assign(new EventTarget(), {
			version,
			state,
			postMessage: (message: unknown, transfer: Transferable[] = []) => {
				const word = parsePageWord(message)
				heard.push((word?.type ?? 'unknown').replace('matinee-', ''))
				const port = transfer[0] as MessagePort | undefined
				if (word?.type === 'matinee-which') port?.postMessage({ version })
				if (word?.type === 'matinee-how' && how !== 'silent') port?.postMessage({ version, ...how })
			},
		})
	const turn = (worker: FakeWorker | null, state: ServiceWorkerState) => {
		if (worker === null) return
		worker.state = state
		worker.dispatchEvent(new Event('statechange'))
	}

	const beginInstalling = (version: string): void => {
		registration.installing = createWorker(version, 'installing')
		registration.dispatchEvent(new Event('updatefound'))
	}
	const finishInstalling = (): void => {
		const { installing } = registration
		registration.waiting = installing
		registration.installing = null
		turn(installing, 'installed')
	}

	return {
		container: container as unknown as ServiceWorkerContainer,
		set: (place: Place, version: string): void => {
			const states = { installing: 'installing', waiting: 'installed', active: 'activated' } as const
			registration[place] = createWorker(version, states[place])
		},
		/** The browser has found `version` and fetched all of it. */
		install: (version: string): void => {
			beginInstalling(version)
			finishInstalling()
		},
		/** The next look finds it, and begins to fetch it. */
		foundByLooking: (version: string): void => {
			found = version
		},
		finishInstalling,
		/** What is being installed becomes active, or is thrown away. */
		decide: (end: 'activated' | 'redundant'): void => {
			const { installing } = registration
			registration.installing = null
			if (end === 'activated') registration.active = installing
			turn(installing, end)
		},
		activateWaiting: (): void => {
			const { waiting } = registration
			registration.active = waiting
			registration.waiting = null
			turn(waiting, 'activated')
			container.dispatchEvent(new Event('controllerchange'))
		},
		changeController: (): void => {
			container.dispatchEvent(new Event('controllerchange'))
		},
		/** What workers were told, in order. */
		heard: (): readonly string[] => heard,
		looks: (): number => looks,
		answerHow: (next: typeof how): void => {
			how = next
		},
		refuse: (error: Error): void => {
			refusal = error
		},
		tellPage: (data: unknown): void => {
			container.dispatchEvent(new MessageEvent('message', { data }))
		},
		/** As the worker asks a page for its version. */
		askPage: () => {
			const page = {
				postMessage: (data: unknown, ports: Transferable[]) => {
					container.dispatchEvent(new MessageEvent('message', { data, ports: ports as MessagePort[] }))
				},
			}
			return ask(page, { type: 'matinee-which' }, parseVersionWord, () => new Promise(() => undefined), 0)
		},
		/** Until messages that are on their way have come. */
		settle: async (): Promise<void> => {
			const echo = (port: MessagePort) => port.postMessage({ version: '', why: null })
			const mirror = { postMessage: (_: unknown, [port]: Transferable[]) => echo(port as MessagePort) }
			for (let i = 0; i < 3; i++)
				await ask(mirror, { type: 'matinee-how' }, parseHowWord, () => new Promise(() => undefined), 0)
		},
	}
}
