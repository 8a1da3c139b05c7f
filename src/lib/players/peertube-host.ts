/**
 * What a PeerTube host's own interface says of a video: its embed shows why it does not play, but tells nobody.
 * Asked only when the embed is not ready in time or plays without a length. The host is anybody's: little is read.
 */
import type { PlayerFailure } from './player.ts'
import { asObject, own, ownBoolean, ownNumber, ownObject, ownText } from './embed-values.ts'
import type { ProbeDeps } from './probe-failure.ts'

export type PeerTubeHostDeps = Pick<ProbeDeps, 'fetch' | 'isOnline' | 'timeoutSignal'>

export type PeerTubeVideo =
	| { readonly type: 'here'; readonly isLive: boolean; readonly title: string | null }
	| { readonly type: 'failed'; readonly failure: PlayerFailure }

const ASK_TIMEOUT_MS = 8_000
const ANSWER_MAX_BYTES = 256 * 1024
/** `VideoState` of PeerTube. */
const WAITING_FOR_LIVE = 4
const LIVE_ENDED = 5

/** The JSON of an answer that may be endless; null if it is too long or none. */
const readJson = async (answer: Response): Promise<unknown> => {
	const reader = answer.body?.getReader()
	if (!reader) return null
	const parts: Uint8Array[] = []
	let bytes = 0
	for (;;) {
		const { done, value } = await reader.read()
		if (done) break
		bytes += value.length
		if (bytes > ANSWER_MAX_BYTES) {
			await reader.cancel()
			return null
		}
		parts.push(value)
	}
	const all = new Uint8Array(bytes)
	let at = 0
	for (const part of parts) {
		all.set(part, at)
		at += part.length
	}
	return JSON.parse(new TextDecoder().decode(all)) as unknown
}

/** Never rejects; ends within 8 s. */
export const askPeerTubeHost = async (
	origin: string,
	id: string,
	deps: PeerTubeHostDeps,
): Promise<PeerTubeVideo> => {
	const failed = (failure: PlayerFailure): PeerTubeVideo => ({ type: 'failed', failure })
	if (!deps.isOnline()) return failed({ type: 'unreachable' })
	try {
		const answer = await deps.fetch(`${origin}/api/v1/videos/${encodeURIComponent(id)}`, {
			credentials: 'omit',
			signal: deps.timeoutSignal(ASK_TIMEOUT_MS),
		})
		// A password or a login: the embed asks for it, but a room has none to give.
		if (answer.status === 401 || answer.status === 403)
			return failed({ type: 'private', status: answer.status })
		if (!answer.ok) return failed({ type: 'not-found', status: answer.status })
		const video = asObject(await readJson(answer))
		if (video === undefined) return failed({ type: 'no-answer', site: 'PeerTube' })
		const state = ownNumber(ownObject(video, 'state'), 'id', 1, 100)
		if (state === WAITING_FOR_LIVE) return failed({ type: 'live-not-begun' })
		if (state === LIVE_ENDED) return failed({ type: 'live-ended' })
		return {
			type: 'here',
			isLive: ownBoolean(video, 'isLive') ?? false,
			title: own(video, 'name') === undefined ? null : (ownText(video, 'name') ?? null),
		}
	} catch {
		// reason: no answer, one that others may not read, or no JSON: the embed's silence is all there is to tell
		return failed({ type: 'no-answer', site: 'PeerTube' })
	}
}
