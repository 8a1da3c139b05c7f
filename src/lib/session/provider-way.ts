/**
 * The way out to a provider's sign-in. On the server's own origin the browser comes back with a cookie; from another
 * one it comes back with a code, which only the page that keeps the verifier can exchange (PKCE, RFC 7636, S256).
 */
import { bytesToBase64url } from '#lib/core/base64url.ts'
import type { Device } from './device.ts'
import { appPathOf } from './app-path.ts'
import { keepWay } from './sign-in-return.ts'

const VERIFIER_BYTES = 32

export interface ProviderWayDeps {
	readonly device: Pick<Device, 'random' | 'subtle'> & { readonly api: Pick<Device['api'], 'config'> }
	readonly pageUrl: URL
	/** Of this tab: it has the way back while the provider has the page. */
	readonly storage: Storage
}

/** Where to send the browser to sign in with `id` and come back to `back`; null while the server is away. */
export const providerHref = async (
	{ device, pageUrl, storage }: ProviderWayDeps,
	id: string,
	back: string | null,
): Promise<string | null> => {
	const config = await device.api.config()
	if (config.type !== 'ok') return null
	const { server } = config.value
	const appPath = appPathOf(pageUrl)
	const start = `${server === '' ? appPath : server}/api/auth/oidc/${encodeURIComponent(id)}/start`
	if (server === '' || server === pageUrl.origin) {
		keepWay(storage, { back, verifier: null })
		return `${start}?return=/login`
	}
	const verifier = bytesToBase64url(device.random.bytes(VERIFIER_BYTES))
	const digest = await device.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
	keepWay(storage, { back, verifier })
	const query = new URLSearchParams({
		client: pageUrl.origin,
		...(appPath !== '' && { path: appPath }),
		challenge: bytesToBase64url(new Uint8Array(digest)),
	})
	return `${start}?${query.toString()}`
}
