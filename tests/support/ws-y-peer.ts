/**
 * One stock y-webrtc 10 provider as a process of its own (`y-webrtc` keeps its rooms in module globals):
 * `node ws-y-peer.ts SIGNALING_URL ROOM KEY`. Writes `KEY: true` into the shared map, prints the map as a line of JSON
 * whenever it changes, and leaves in order when its standard input ends.
 */
import wrtc from '@roamhq/wrtc'
import { WebrtcProvider } from 'y-webrtc'
import * as Y from 'yjs'

const [signaling = '', room = '', key = ''] = process.argv.slice(2)

const doc = new Y.Doc()
const map = doc.getMap('shared')
map.observe(() => console.log(JSON.stringify(map.toJSON())))

const provider = new WebrtcProvider(room, doc, {
	signaling: [signaling],
	// Negotiated: with channels of each side's own, both may think they opened the link and nobody listens.
	peerOpts: { wrtc, config: { iceServers: [] }, channelConfig: { negotiated: true, id: 0 } },
})
map.set(key, true)

process.stdin.resume()
process.stdin.on('end', () => {
	provider.disconnect()
	provider.destroy()
	process.exit(0)
})
