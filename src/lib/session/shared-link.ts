/**
 * The video link in the address of the front page: `?url=`, or what another app shared (the manifest's share target).
 * Phones put a link into the text as often as into the field that is meant for it, and some into the title.
 */

/** '' where nothing was shared; what holds no link is given as it is, so that the person sees what came. */
export const sharedLink = async (params: URLSearchParams): Promise<string> => {
	const said = ['url', 'text', 'title'].map((name) => params.get(name)?.trim() ?? '')
	const [url = '', text = '', title = ''] = said
	// A link alone stays letter for letter: it may be a path of this very site.
	if (url !== '' && !/\s/.test(url)) return url
	if (said.every((one) => one === '')) return ''
	const { findAddress } = await import('#lib/sources/find-address.ts')
	for (const one of said) {
		const address = findAddress(one, null)
		if (address.type === 'url') return address.url.href
	}
	return url || text || title
}
