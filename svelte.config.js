import adapter from '@sveltejs/adapter-static'

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: {
		runes: ({ filename }) => (/[/\\]node_modules[/\\]/.test(filename) ? undefined : true),
	},
	kit: {
		// Home is prerendered; every room is served by 200.html, for the room's code stands in the fragment.
		adapter: adapter({ pages: 'build', fallback: '200.html', precompress: true }),
		csp: {
			mode: 'hash',
			directives: {
				'script-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['self'],
				'form-action': ['self'],
			},
		},
	},
}
