/** What keeps a page from its server, for whoever can mend it. */
import { subject } from './subject.ts'

const EXAMPLE = '{"server": "https://api.example"}'

const english = {
	offline: 'You are offline',
	offlineAbout: 'The room opens here by itself once there is a network again.',
	notTold: 'This page was not told where its server is',
	noConfiguration: (url: string) =>
		`What lies at ${url} is no configuration of Matinee. Whoever runs this page puts ${EXAMPLE} there, with the address of the server.`,
	noFile: (url: string, status: number) =>
		`There is no ${url} (status ${String(status)}). Whoever runs this page puts a file there that says ${EXAMPLE}, with the address of the server.`,
	badAddress: (server: string) =>
		`Its config.json names ${server} as the server. It has to be an address like https://api.example; whoever runs this page can change that.`,
	notHttps: 'The server has to be on https',
	notHttpsAbout: (server: string) =>
		`This page came over https, so the browser does not let it ask ${server}. Whoever runs it gives the server https and writes that address into config.json.`,
	pageRefused: 'The server does not take this page',
	originRefused: (server: string, origin: string) =>
		`The server at ${server} answers, but not to pages of ${origin}. Whoever runs that server starts it with ALLOWED_ORIGINS=${origin}.`,
	stranger: 'Something else answers where the server should be',
	strangerAbout: (server: string, status: number) =>
		`config.json names ${server} as the server, but what answers there (status ${String(status)}) is not Matinee. Whoever runs this page can check that address.`,
	silent: 'The server does not answer',
	silentAbout: (server: string) =>
		`The server of this page is ${server}, and nothing answers there just now.`,
}
export type ServerTroubleWords = typeof english
export const serverTroubleWords = subject('server-trouble', english)
