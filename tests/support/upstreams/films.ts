/** The sample film as a plain file: `https://films.example/saltmarsh.mp4`, or `.webm`; and a foreign page beside it. */
import { sendFilm } from './send-film.ts'
import { sendPage, type FakeSite } from './fake-site.ts'

export const films: FakeSite = {
	hosts: ['films.example'],
	handle(url, request, response) {
		if (url.pathname === '/embed.html')
			return sendPage(response, '<!doctype html><title>A page of another site</title>')
		return sendFilm(request, response)
	},
}
