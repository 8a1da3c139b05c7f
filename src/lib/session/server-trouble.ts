/**
 * What keeps this page from its server, in words for whoever can mend it.
 */
import { serverTroubleWords } from '#lib/words/server-trouble.ts'
import type { ServerTrouble } from './find-server.ts'

export interface TroubleWords {
	readonly title: string
	readonly detail: string
}

export const describeTrouble = (trouble: ServerTrouble | { readonly type: 'offline' }): TroubleWords => {
	const words = serverTroubleWords()
	switch (trouble.type) {
		case 'offline':
			return { title: words.offline, detail: words.offlineAbout }
		case 'no-config':
			return {
				title: words.notTold,
				detail:
					trouble.status === 200
						? words.noConfiguration(trouble.url)
						: words.noFile(trouble.url, trouble.status),
			}
		case 'bad-address':
			return { title: words.notTold, detail: words.badAddress(JSON.stringify(trouble.server)) }
		case 'not-https':
			return { title: words.notHttps, detail: words.notHttpsAbout(trouble.server) }
		case 'origin-refused':
			return { title: words.pageRefused, detail: words.originRefused(trouble.server, trouble.origin) }
		case 'page-refused':
			return { title: words.pageRefused, detail: trouble.words }
		case 'stranger':
			return { title: words.stranger, detail: words.strangerAbout(trouble.server, trouble.status) }
		case 'silent':
			return { title: words.silent, detail: words.silentAbout(trouble.server) }
	}
}
