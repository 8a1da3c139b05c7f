/**
 * Starting an element, and what came of it.
 */

/** Resolves once it plays, or will not. 'blocked': the browser wants a person's act first. Never rejects. */
export const tryPlay = async (
	media: Pick<HTMLMediaElement, 'play'>,
): Promise<'playing' | 'blocked' | 'failed'> => {
	try {
		await media.play()
		return 'playing'
	} catch (error) {
		if (error instanceof DOMException && error.name === 'NotAllowedError') return 'blocked'
		// AbortError: a later pause or load took its place. Unplayable media is told by the error event.
		return 'failed'
	}
}
