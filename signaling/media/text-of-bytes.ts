/**
 * Bytes of an answer as text, in whatever letters it says they are; never throws.
 */
const decoderFor = (label: string): TextDecoder | null => {
	try {
		return new TextDecoder(label)
	} catch {
		return null // nobody knows that name
	}
}

const CHARSET = /charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})/i
/** Where a page has to say it, by HTML's own rule. */
const PRESCAN_BYTES = 1_024

/** By the head of the answer, else by the page's own word, else UTF-8. What fits no letter becomes U+FFFD. */
export const textOfBytes = (bytes: Uint8Array, contentType: string): string => {
	const told =
		CHARSET.exec(contentType)?.[1] ??
		CHARSET.exec(new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN_BYTES)))?.[1] ??
		'utf-8'
	return (decoderFor(told) ?? new TextDecoder()).decode(bytes)
}
