/** A few seconds without sound, again and again. */
import { load } from './media-source.ts'

const decoration = document.querySelector<HTMLVideoElement>('#decoration')
if (decoration !== null) {
	await load(decoration, { lengthS: 8 })
	await decoration.play()
}
