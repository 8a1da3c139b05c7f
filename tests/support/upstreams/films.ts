/** The sample film as a plain file: `https://films.example/saltmarsh.mp4`, or `.webm`. */
import { sendFilm } from './send-film.ts'
import type { FakeSite } from './fake-site.ts'

export const films: FakeSite = {
	hosts: ['films.example'],
	handle: (_url, request, response) => sendFilm(request, response),
}
