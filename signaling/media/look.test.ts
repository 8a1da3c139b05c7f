import { beforeEach, describe, expect, it } from 'vitest'
import { lookAnswer } from '#lib/protocol/media.ts'
import { createFakeSites, type FakeSites } from '../../tests/support/fake-sites.ts'
import { lookAt } from './look.ts'

let sites: FakeSites
beforeEach(() => {
	sites = createFakeSites()
})
const hop = (from: string, to: string | null) =>
	sites.answers.set(from, { type: 'hop', to: to === null ? null : new URL(to) })
const page = (url: string, text: string, contentType = 'text/html', status = 200, end = url) =>
	sites.answers.set(url, { type: 'answer', status, url: new URL(end), contentType, text })

describe('short links', () => {
	it('[MD5] lead to the video, without who shared it', async () => {
		hop(
			'https://b23.tv/abc123',
			'https://www.bilibili.com/video/BV1GJ411x7h7/?p=2&t=30&share_source=copy_web&vd_source=0123&buvid=x',
		)
		expect(await lookAt('https://b23.tv/abc123', sites)).toEqual({
			type: 'leads-to',
			url: 'https://www.bilibili.com/video/BV1GJ411x7h7/?p=2&t=30',
		})
		hop(
			'https://on.soundcloud.com/xyz',
			'https://soundcloud.com/bo/night-bus?ref=clipboard&utm_source=x#t=1:02',
		)
		expect(await lookAt('http://on.soundcloud.com/xyz', sites)).toEqual({
			type: 'leads-to',
			url: 'https://soundcloud.com/bo/night-bus',
		})
		// The sites themselves are not visited.
		expect(sites.asked.map(({ way, url }) => `${way} ${url}`)).toEqual([
			'hop https://b23.tv/abc123',
			'hop https://on.soundcloud.com/xyz',
		])
	})

	it('[MD5] may lead over one another, three hops at most', async () => {
		hop('https://bili2233.cn/a', 'https://b23.tv/b')
		hop('https://b23.tv/b', 'https://b23.tv/c')
		hop('https://b23.tv/c', 'https://www.bilibili.com/video/BV1GJ411x7h7')
		expect(await lookAt('https://bili2233.cn/a', sites)).toMatchObject({ type: 'leads-to' })
		hop('https://b23.tv/c', 'https://b23.tv/d')
		hop('https://b23.tv/d', 'https://www.bilibili.com/video/BV1GJ411x7h7')
		expect(await lookAt('https://bili2233.cn/a', sites)).toEqual({ type: 'nothing' })
		hop('https://b23.tv/loop', 'https://b23.tv/loop')
		expect(await lookAt('https://b23.tv/loop', sites)).toEqual({ type: 'nothing' })
	})

	it.each([
		'https://evil.example/',
		'https://bilibili.com.evil.example/video/BV1GJ411x7h7',
		'https://notbilibili.com/',
		'https://soundcloud.com/a/b',
		'https://on.soundcloud.com/a',
	])('[MD5] do not lead to %s', async (to) => {
		hop('https://b23.tv/x', to)
		expect(await lookAt('https://b23.tv/x', sites)).toEqual({ type: 'nothing' })
		expect(sites.asked).toHaveLength(1)
	})

	it('[MD5] that lead nowhere are nothing, and with the site away nothing was learnt', async () => {
		hop('https://b23.tv/x', null)
		expect(await lookAt('https://b23.tv/x', sites)).toEqual({ type: 'nothing' })
		expect(await lookAt('https://b23.tv/away', sites)).toEqual({ type: 'failed' })
	})

	it('[MD5] of other hosts are pages like any other', async () => {
		expect(await lookAt('https://bit.ly/x', sites)).toEqual({ type: 'failed' })
		expect(sites.asked).toEqual([{ way: 'pageOfAny', url: 'https://bit.ly/x' }])
	})
})

describe('pages', () => {
	const PAGE = 'https://www.films.example/watch'

	it('[MD2, MD18] tell title, site and a still of their own', async () => {
		page(
			PAGE,
			'<title>Film night</title><meta property="og:image" content="https://img.films.example/a b.jpg?x={1}">',
		)
		const answer = await lookAt(PAGE, sites)
		expect(answer).toEqual({
			type: 'page',
			title: 'Film night',
			author: 'films.example',
			durationS: null,
			thumbnailUrl: 'https://img.films.example/a%20b.jpg?x=%7B1%7D',
			isLive: false,
			video: null,
		})
		expect(lookAnswer.parse(answer)).toEqual(answer)
		page(PAGE, '<title>x</title><meta property="og:image" content="https://tracker.example/a.jpg">')
		expect(await lookAt(PAGE, sites)).toMatchObject({ thumbnailUrl: null })
	})

	it.each([
		['/a.mp4', 'video/mp4', 'file', 'https://www.films.example/a.mp4'],
		['https://cdn.example/a', 'video/webm; codecs="vp9"', 'file', 'https://cdn.example/a'],
		[
			'https://cdn.example/a.m3u8?x=1',
			'application/vnd.apple.mpegurl',
			'hls',
			'https://cdn.example/a.m3u8?x=1',
		],
		['https://cdn.example/a.webm', '', 'file', 'https://cdn.example/a.webm'],
	])('[MD15] offer %s (%s) as a %s', async (url, type, kind, href) => {
		page(
			PAGE,
			`<title>x</title><meta property="og:video" content='${url}'><meta property="og:video:type" content='${type}'>`,
		)
		const answer = await lookAt(PAGE, sites)
		expect(answer).toMatchObject({ type: 'page', video: { kind, url: href } })
		expect(lookAnswer.parse(answer)).toEqual(answer)
	})

	it.each([
		['https://films.example/embed/1', 'text/html'],
		['https://films.example/embed/1', ''],
		['http://films.example/a.mp4', 'video/mp4'],
		['https://127.0.0.1/a.mp4', 'video/mp4'],
		['https://films.example:8443/a.mp4', 'video/mp4'],
		['javascript:alert(1)//.mp4', 'video/mp4'],
		[`https://films.example/${'x'.repeat(900)}.mp4`, 'video/mp4'],
	])('[MD15] do not offer %s (%s)', async (url, type) => {
		page(
			PAGE,
			`<title>x</title><meta property="og:video" content="${url}"><meta property="og:video:type" content="${type}">`,
		)
		expect(await lookAt(PAGE, sites)).toMatchObject({ type: 'page', video: null })
	})

	it.each([
		['video/mp4', 'file'],
		['audio/mpeg', 'file'],
		['application/ogg', 'file'],
		['application/vnd.apple.mpegurl', 'hls'],
		['application/x-mpegURL; charset=utf-8', 'hls'],
		['audio/mpegurl', 'hls'],
	])('[MD15] that are none, but %s, are media', async (contentType, kind) => {
		page(PAGE, '', contentType)
		expect(await lookAt(PAGE, sites)).toEqual({ type: 'media', kind })
	})

	it('[MD9] that say nothing, or are refused, are nothing', async () => {
		page(PAGE, '<p>x')
		expect(await lookAt(PAGE, sites)).toEqual({ type: 'nothing' })
		page(PAGE, '<title>Sign in</title>', 'text/html', 403)
		expect(await lookAt(PAGE, sites)).toEqual({ type: 'nothing' })
		page(PAGE, '', 'application/pdf')
		expect(await lookAt(PAGE, sites)).toEqual({ type: 'nothing' })
		expect(await lookAt('http://127.0.0.1/', sites)).toEqual({ type: 'nothing' })
		expect(await lookAt('https://films.example:22/', sites)).toEqual({ type: 'nothing' })
	})
})
