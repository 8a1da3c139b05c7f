import { describe, expect, it } from 'vitest'
import { readOpenGraph } from './open-graph.ts'

describe('the head of a page', () => {
	it('[MD2] tells title, site, picture, length and a file for players elsewhere', () => {
		expect(
			readOpenGraph(`<!doctype html><html><head><title>Plain</title>
				<meta property="og:title" content="The Four-Ten &amp; others">
				<META PROPERTY='og:site_name' CONTENT='Films &#38; more'/>
				<meta content="https://films.example/a.jpg" property=og:image />
				<meta property="og:video:duration" content="754">
				<meta property="og:video:type" content="video/mp4"><meta property="og:video" content="/a.mp4"></head>`),
		).toEqual({
			title: 'The Four-Ten & others',
			site: 'Films & more',
			imageUrl: 'https://films.example/a.jpg',
			video: { url: '/a.mp4', type: 'video/mp4' },
			durationS: 754,
			isLive: false,
		})
	})

	it('[MD2] has a title where it has no more', () => {
		expect(readOpenGraph('<head><title>\n Only this </title></head><body>x').title).toBe('Only this')
		expect(readOpenGraph('<p>nothing').title).toBeNull()
		expect(readOpenGraph('').title).toBeNull()
	})

	it('[MD2] the first of a name is the one meant', () => {
		const page = '<meta property="og:title" content="first"><meta property="og:title" content="second">'
		expect(readOpenGraph(page).title).toBe('first')
	})

	it('[MD9] what stands in scripts, styles and comments is no head', () => {
		const page = `<script>var a = '<meta property="og:title" content="script">'</script>
			<style><meta property="og:title" content="style"></style>
			<!-- <meta property="og:title" content="comment"> -->
			<noscript><meta property="og:title" content="noscript"></noscript>
			<meta property="og:title" content="real">`
		expect(readOpenGraph(page).title).toBe('real')
	})

	it('[MD9] markup and entities in a title stay text', () => {
		const page =
			'<meta property="og:title" content="&lt;script&gt;alert(1)&lt;/script&gt; > &quot;x&quot; &nope; &#0;&#x110000;&#xd800;">'
		expect(readOpenGraph(page).title).toBe('<script>alert(1)</script> > "x" &nope; \ufffd\ufffd\ufffd')
	})

	it.each([
		'<',
		'<meta',
		'<meta property="og:title" content="unclosed',
		'<title>unclosed',
		'<script>',
		'<!--',
		'<meta property= content=>',
		'<meta property="og:title">',
		'<meta content="x">',
		'<meta property="__proto__" content="x"><meta property="constructor" content="y">',
		'\u0000\ufffd\u202e',
	])('[MD9] %j is no page and no fault', (page) => {
		expect(readOpenGraph(page).title).toBeNull()
	})

	it.each([
		['<', 600_000],
		['<meta ', 100_000],
		['<meta property="og:title" content="', 20_000],
		['<title>', 80_000],
		['<!--', 150_000],
		['<script', 80_000],
		[`<meta a='b"`, 60_000],
		['<meta property=a content=b>', 30_000],
		['&amp;', 120_000],
		['a=', 300_000],
		['İ<title>', 60_000],
	])('[MD9] %j again and again is read in time', (piece, times) => {
		// A reader that goes back and forth takes minutes, and the test ends before.
		expect(readOpenGraph(piece.repeat(times)).site).toBeNull()
	})
})
