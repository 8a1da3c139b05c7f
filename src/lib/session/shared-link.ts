/**
 * The video link in the address of the front page: `?url=`, or what another app shared. Phones put a link into the
 * text as often as into the field that is meant for it.
 */
const LINK = /https?:\/\/\S+/i

/** '' where there is none. */
export const sharedLink = (params: URLSearchParams): string => {
	const url = params.get('url') ?? ''
	if (url !== '') return url
	return LINK.exec(params.get('text') ?? '')?.[0] ?? ''
}
