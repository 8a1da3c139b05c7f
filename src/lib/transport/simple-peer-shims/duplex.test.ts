import { describe, expect, it, vi } from 'vitest'
import { Duplex } from './duplex.ts'

describe('the stream under simple-peer', () => {
	it('[TR25] tells listeners in order, `once` ones once, and removed ones not at all', () => {
		const stream = new Duplex()
		const heard: string[] = []
		const gone = () => heard.push('gone')
		stream.on('x', (value: string) => heard.push(`a ${value}`))
		stream.once('x', (value: string) => heard.push(`b ${value}`))
		stream.once('x', gone)
		stream.removeListener('x', gone)
		expect(stream.emit('x', '1')).toBe(true)
		stream.emit('x', '2')
		expect(heard).toEqual(['a 1', 'b 1', 'a 2'])
		expect(stream.emit('y')).toBe(false)
	})
	it('[TR25] an error that nobody listens for is thrown', () => {
		expect(() => new Duplex().emit('error', new Error('lost'))).toThrow('lost')
	})
	it('[TR25] its two sides end once, and `finish` comes after the caller has gone on', async () => {
		const stream = new Duplex()
		const finished = vi.fn()
		const heard = vi.fn()
		stream.on('finish', finished)
		stream.on('data', heard)
		stream.push(new Uint8Array(1))
		stream.push(null)
		stream.end()
		stream.end()
		expect([stream._readableState.ended, stream._writableState.finished]).toEqual([true, true])
		expect(finished).not.toHaveBeenCalled()
		await Promise.resolve()
		expect(finished).toHaveBeenCalledTimes(1)
		expect(heard).toHaveBeenCalledTimes(1)
	})
})
