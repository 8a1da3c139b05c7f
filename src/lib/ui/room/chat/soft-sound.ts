/** Two soft tones, made here: nothing is fetched, and a film is hardly disturbed. */
let audio: AudioContext | null = null

const tone = (context: AudioContext, hertz: number, atS: number): void => {
	const source = context.createOscillator()
	const gain = context.createGain()
	source.frequency.value = hertz
	source.type = 'sine'
	gain.gain.setValueAtTime(0, atS)
	gain.gain.linearRampToValueAtTime(0.05, atS + 0.02)
	gain.gain.exponentialRampToValueAtTime(0.0001, atS + 0.22)
	source.connect(gain).connect(context.destination)
	source.start(atS)
	source.stop(atS + 0.24)
}

/** Silent where the browser has no sound yet: it wants a press on the page first. */
export const playSoftly = (): void => {
	if (typeof AudioContext === 'undefined') return
	audio ??= new AudioContext()
	const context = audio
	const play = (): void => {
		tone(context, 660, context.currentTime)
		tone(context, 880, context.currentTime + 0.11)
	}
	if (context.state === 'running') play()
	else
		context.resume().then(play, (error: unknown) => {
			console.warn('The browser plays no sound yet.', error)
		})
}
