/// <reference types="@sveltejs/kit" />
/**
 * Keeps the shell on the device, so that a room opens from disk with the server away. Rooms themselves are in
 * IndexedDB; films, the API and sockets are never touched here.
 */
import { base, build, files, prerendered, version } from '$service-worker'

const worker = globalThis as unknown as ServiceWorkerGlobalScope
const CACHE = `matinee-${version}`
/** The app may lie below any path: all of these begin with it. */
const SHELL_PAGE = `${base}/200.html`
/** Asked of the network first: an operator's change must not wait for the next build. */
const CONFIG = `${base}/config.json`
const SHELL = [
	...build,
	...files.filter((file) => !file.startsWith(`${base}/film/`)),
	...prerendered,
	SHELL_PAGE,
]
const SHELL_PATHS = new Set(SHELL)

worker.addEventListener('install', (event) => {
	event.waitUntil(
		caches
			.open(CACHE)
			.then((cache) => cache.addAll(SHELL))
			.then(() => worker.skipWaiting()),
	)
})

worker.addEventListener('activate', (event) => {
	const dropOthers = async () => {
		const names = await caches.keys()
		await Promise.all(
			names
				.filter((name) => name.startsWith('matinee-') && name !== CACHE)
				.map((name) => caches.delete(name)),
		)
		await worker.clients.claim()
	}
	event.waitUntil(dropOthers())
})

const networkFirst = async (request: Request): Promise<Response> => {
	const cache = await caches.open(CACHE)
	try {
		const response = await fetch(request)
		if (response.ok) await cache.put(request, response.clone())
		return response
	} catch (error) {
		const kept = await cache.match(request)
		if (kept !== undefined) return kept
		throw error
	}
}

const page = async (request: Request, path: string): Promise<Response> => {
	try {
		return await fetch(request)
	} catch (error) {
		const kept = (await caches.match(path)) ?? (await caches.match(SHELL_PAGE))
		if (kept !== undefined) return kept
		throw error
	}
}

worker.addEventListener('fetch', (event) => {
	const { request } = event
	const url = new URL(request.url)
	if (request.method !== 'GET' || url.origin !== worker.location.origin) return
	if (url.pathname === CONFIG) event.respondWith(networkFirst(request))
	else if (request.mode === 'navigate') event.respondWith(page(request, url.pathname))
	else if (SHELL_PATHS.has(url.pathname)) {
		event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)))
	}
})
