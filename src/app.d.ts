declare module 'simple-peer/simplepeer.min.js' {
	import Peer from 'simple-peer'
	export default Peer
}

declare module 'hls.js/light' {
	import Hls from 'hls.js'
	export * from 'hls.js'
	export default Hls
}
