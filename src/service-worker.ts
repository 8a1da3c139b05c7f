/// <reference types="@sveltejs/kit" />
/**
 * Keeps the app on the device, so that a room opens from disk with no network at all. Rooms themselves are in
 * IndexedDB; films, the API and sockets are never touched here. A new version waits until a person lets it in or no
 * page of an older one is left.
 */
import { base, build, files, prerendered, version } from '$service-worker'
import { createConfigKeeper } from '#lib/shell/keep-config.ts'
import { createShell } from '#lib/shell/keep-shell.ts'
import { CONFIG_FILE, kindOf } from '#lib/shell/requests.ts'
import {
	ask,
	parsePageWord,
	parseVersionWord,
	type HowWord,
	type VersionWord,
	type WorkerWord,
} from '#lib/shell/worker-words.ts'

const worker = globalThis as unknown as ServiceWorkerGlobalScope
const ANSWER_PATIENCE_MS = 1_000

const fetchNow: typeof fetch = (input, init) => fetch(input, init)
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const own = [...new Set([...build, ...files])]
const place = { origin: worker.location.origin, base, files: new Set(own), pages: new Set(prerendered) }
const shell = createShell({ caches, fetch: fetchNow, base, version, files: own, pages: prerendered })
const config = createConfigKeeper({ caches, fetch: fetchNow, path: base + CONFIG_FILE, wait })

/** Also those that this worker does not control: the first page comes before any worker. */
const openPages = () => worker.clients.matchAll({ type: 'window', includeUncontrolled: true })

const install = async (): Promise<void> => {
	const outcome = await shell.keep()
	if (outcome.type === 'kept') return config.remember()
	const word: WorkerWord = { type: 'matinee-not-kept', why: outcome.why }
	for (const page of await openPages()) page.postMessage(word)
	// Half of a version must never become active: the browser throws this worker away and tries again later.
	throw new Error(`Matinee ${version} could not be kept here, ${outcome.why}: ${outcome.detail}`)
}

const tidy = async (): Promise<void> => {
	const pages = await openPages()
	const running = await Promise.all(
		pages.map((page) =>
			ask(page, { type: 'matinee-which' }, parseVersionWord, wait, ANSWER_PATIENCE_MS).then(
				(answer) => answer?.version ?? null,
			),
		),
	)
	// A newer version that is on its way has a cache, and no page yet.
	const { installing, waiting } = worker.registration
	if (installing === null && waiting === null) await shell.tidy(running)
}

const how = async (): Promise<HowWord> => {
	const outcome = await shell.keep()
	return { version, why: outcome.type === 'kept' ? null : outcome.why }
}

worker.addEventListener('install', (event) => {
	event.waitUntil(install())
})

worker.addEventListener('activate', (event) => {
	// The first page becomes able to fetch its later parts from the device.
	event.waitUntil(worker.clients.claim())
})

worker.addEventListener('message', (event) => {
	const word = parsePageWord(event.data)
	const [port] = event.ports
	switch (word?.type) {
		case 'matinee-which':
			port?.postMessage({ version } satisfies VersionWord)
			return
		case 'matinee-how':
			event.waitUntil(how().then((answer) => port?.postMessage(answer)))
			return
		case 'matinee-take-over':
			event.waitUntil(worker.skipWaiting())
			return
		case 'matinee-here':
			event.waitUntil(tidy())
			return
		case undefined: // of a version that says more
			return
	}
})

worker.addEventListener('fetch', (event) => {
	const { request } = event
	const { method, mode, url, headers } = request
	switch (kindOf({ method, mode, url, isRange: headers.has('range') }, place)) {
		case 'config':
			event.respondWith(config.answer(request))
			return
		case 'page':
		case 'file':
			event.respondWith(shell.answer(new URL(url).pathname, request))
			return
		case 'network':
			return
	}
})
