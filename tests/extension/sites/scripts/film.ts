/** A button of the page's own beside the browser's controls. */
const film = document.querySelector<HTMLVideoElement>('#film')
document.querySelector('#toggle')?.addEventListener('click', () => {
	if (film?.paused === true) void film.play()
	else film?.pause()
})
export {}
