/**
 * Makes a picture small before it leaves the device: a square of at most 512 px, and with it nothing of what a camera
 * writes into a file (place, time, owner).
 */
const SIDE_MAX_PX = 512
const QUALITY = 0.85

/** The square in the middle of `width` × `height`, and the side it is drawn at. */
export const squareOf = (width: number, height: number) => {
	const cut = Math.min(width, height)
	return {
		x: Math.floor((width - cut) / 2),
		y: Math.floor((height - cut) / 2),
		cut,
		side: Math.max(1, Math.min(SIDE_MAX_PX, cut)),
	}
}

/** Null for what this browser cannot read as a picture. */
export const shrinkPicture = async (file: Blob): Promise<Blob | null> => {
	let bitmap: ImageBitmap
	try {
		bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
	} catch {
		return null // no picture, or of a kind that this browser does not have: the caller says so
	}
	const { x, y, cut, side } = squareOf(bitmap.width, bitmap.height)
	const canvas = document.createElement('canvas')
	canvas.width = canvas.height = side
	const context = canvas.getContext('2d')
	if (context === null) return null
	context.imageSmoothingQuality = 'high'
	context.drawImage(bitmap, x, y, cut, cut, 0, 0, side, side)
	bitmap.close()
	// A browser that cannot write WebP makes PNG of it, which the server takes as well.
	return new Promise((resolve) => {
		canvas.toBlob(resolve, 'image/webp', QUALITY)
	})
}
