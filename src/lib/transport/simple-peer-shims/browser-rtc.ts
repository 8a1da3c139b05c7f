/**
 * `get-browser-rtc`, for browsers of today.
 */

/** Null where the browser has no WebRTC. */
export const getBrowserRTC = () => {
	const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } = globalThis as Partial<
		typeof globalThis
	>
	return RTCPeerConnection === undefined
		? null
		: { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate }
}
