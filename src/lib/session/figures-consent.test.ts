import { beforeEach, expect, it, vi } from 'vitest'
import { createFiguresConsent, type FiguresConsent } from './figures-consent.ts'

let isGiven: boolean
let log: string[]
/** What was asked for and has not come yet. */
let fetches: PromiseWithResolvers<() => () => void>[]
let consent: FiguresConsent
beforeEach(() => {
	;[isGiven, log, fetches] = [false, [], []]
	consent = createFiguresConsent({
		isGiven: () => isGiven,
		fetch: () => {
			log.push('fetch')
			const pending = Promise.withResolvers<() => () => void>()
			fetches.push(pending)
			return pending.promise
		},
	})
})
const settle = () => new Promise((resolve) => setImmediate(resolve))
const arrive = async () => {
	fetches.shift()?.resolve(() => {
		log.push('begin')
		return () => log.push('end')
	})
	await settle()
}
const agree = (given: boolean) => {
	isGiven = given
	consent.changed()
}

it('[FG7] nothing is even fetched without consent', () => {
	consent.changed()
	consent.changed()
	expect(log).toEqual([])
})

it('[FG7] sharing begins with the consent and ends with its withdrawal, each time', async () => {
	agree(true)
	await arrive()
	expect(log).toEqual(['fetch', 'begin'])
	agree(false)
	expect(log).toEqual(['fetch', 'begin', 'end'])
	agree(true)
	await arrive()
	expect(log).toEqual(['fetch', 'begin', 'end', 'fetch', 'begin'])
})

it('[FG7] other settings that change neither begin it twice nor end it', async () => {
	agree(true)
	consent.changed()
	await arrive()
	await arrive()
	consent.changed()
	expect(log.filter((word) => word !== 'fetch')).toEqual(['begin'])
})

it('[FG7] consent withdrawn before the code came begins nothing', async () => {
	agree(true)
	agree(false)
	await arrive()
	expect(log).toEqual(['fetch'])
})

it('[FG7] whoever leaves the room shares no more, whatever comes late', async () => {
	agree(true)
	consent.dispose()
	await arrive()
	consent.changed()
	expect(log).toEqual(['fetch'])

	isGiven = true
	const second = createFiguresConsent({
		isGiven: () => isGiven,
		fetch: () => Promise.resolve(() => () => log.push('end')),
	})
	second.changed()
	await settle()
	second.dispose()
	second.dispose()
	expect(log).toEqual(['fetch', 'end'])
})

it('[FG8] code that cannot be fetched is tried again with the next change', async () => {
	const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
	agree(true)
	fetches.shift()?.reject(new Error('offline'))
	await settle()
	expect(warn).toHaveBeenCalledOnce()
	consent.changed()
	await arrive()
	expect(log).toEqual(['fetch', 'fetch', 'begin'])
	warn.mockRestore()
})
