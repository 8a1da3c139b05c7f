/**
 * The small dependencies of simple-peer, for browsers of today: `randombytes`, `err-code`, `get-browser-rtc`, `debug`
 * and the one function of `buffer` that it calls.
 */

/** Hex is the only form that simple-peer asks for. */
export const randombytes = (count: number) => {
	const bytes = crypto.getRandomValues(new Uint8Array(count))
	return { toString: () => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') }
}

/** Defined, not assigned: the `code` of a DOMException can only be read. */
export const errCode = <E extends Error>(error: E, code: string): E =>
	Object.defineProperty(error, 'code', { value: code, enumerable: true, configurable: true })

/** Null where the browser has no WebRTC. */
export const getBrowserRTC = () => {
	const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = globalThis as Partial<
		typeof globalThis
	>
	return RTCPeerConnection === undefined
		? null
		: { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate }
}

export const debug = (): void => undefined

export const Buffer = { from: (data: ArrayBuffer) => new Uint8Array(data) }
