/**
 * The fakes of other sites, and the app over https, as a process of its own beside the server:
 * `node sites.ts HOST APP_PORT SITES_PORT FRONT_PORT`. Embeds want an https page at the default port.
 */
import { connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { TEST_CERT, TEST_KEY } from '../../tests/support/upstreams/cert.ts'
import { startUpstreams } from '../../tests/support/upstreams/server.ts'
import { createFakeTwitch, twitchSwitches } from '../../tests/support/upstreams/twitch.ts'
import { createFakeYouTube, youtubeSwitches } from '../../tests/support/upstreams/youtube.ts'

/** Reports of YouTube's come each 250 ms, Twitch's each second, as the real ones' (reference, section 9). */
const SITES = [createFakeYouTube(youtubeSwitches()), createFakeTwitch(twitchSwitches())]

/** Where the app is to be found over https, by name only. */
export const FRONT_HOST = 'matinee.example'

export const siteArgs = (sitesPort: number, frontPort: number): readonly string[] => {
	const rules = SITES.flatMap(({ hosts }) => hosts).map(
		(host) => `MAP ${host} 127.0.0.1:${String(sitesPort)}`,
	)
	rules.push(`MAP ${FRONT_HOST} 127.0.0.1:${String(frontPort)}`)
	return [`--host-resolver-rules=${rules.join(',')}`, '--ignore-certificate-errors']
}

const join = (near: Socket, far: Socket): void => {
	for (const [one, other] of [
		[near, far],
		[far, near],
	] as const) {
		one.setNoDelay(true)
		one.pipe(other)
		// A connection that breaks on one side has nothing to say to the other.
		one.on('error', () => other.destroy())
	}
}

if (import.meta.main) {
	const [host = '', appPort, sitesPort, frontPort] = process.argv.slice(2)
	const sites = await startUpstreams(SITES)
	createServer((socket) => join(socket, connect(sites.port, '127.0.0.1'))).listen(Number(sitesPort), host)
	createTlsServer({ cert: TEST_CERT, key: TEST_KEY }, (socket) =>
		join(socket, connect(Number(appPort), host)),
	).listen(Number(frontPort), host)
}
