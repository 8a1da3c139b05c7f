/**
 * What keeps this page from its server, in words for whoever can mend it.
 */
import type { ServerTrouble } from './find-server.ts'

export interface TroubleWords {
	readonly title: string
	readonly detail: string
}

const EXAMPLE = '{"server": "https://api.example"}'

export const describeTrouble = (trouble: ServerTrouble | { readonly type: 'offline' }): TroubleWords => {
	switch (trouble.type) {
		case 'offline':
			return {
				title: 'You are offline',
				detail: 'The room opens here by itself once there is a network again.',
			}
		case 'no-config':
			return {
				title: 'This page was not told where its server is',
				detail:
					trouble.status === 200
						? `What lies at ${trouble.url} is no configuration of Matinee. Whoever runs this page puts ${EXAMPLE} there, with the address of the server.`
						: `There is no ${trouble.url} (status ${String(trouble.status)}). Whoever runs this page puts a file there that says ${EXAMPLE}, with the address of the server.`,
			}
		case 'bad-address':
			return {
				title: 'This page was not told where its server is',
				detail: `Its config.json names ${JSON.stringify(trouble.server)} as the server. It has to be an address like https://api.example; whoever runs this page can change that.`,
			}
		case 'not-https':
			return {
				title: 'The server has to be on https',
				detail: `This page came over https, so the browser does not let it ask ${trouble.server}. Whoever runs it gives the server https and writes that address into config.json.`,
			}
		case 'origin-refused':
			return {
				title: 'The server does not take this page',
				detail: `The server at ${trouble.server} answers, but not to pages of ${trouble.origin}. Whoever runs that server starts it with ALLOWED_ORIGINS=${trouble.origin}.`,
			}
		case 'page-refused':
			return { title: 'The server does not take this page', detail: trouble.words }
		case 'stranger':
			return {
				title: 'Something else answers where the server should be',
				detail: `config.json names ${trouble.server} as the server, but what answers there (status ${String(trouble.status)}) is not Matinee. Whoever runs this page can check that address.`,
			}
		case 'silent':
			return {
				title: 'The server does not answer',
				detail: `The server of this page is ${trouble.server}, and nothing answers there just now.`,
			}
	}
}
