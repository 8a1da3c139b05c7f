import { describe, expect, it } from 'vitest'
import { Duplex } from './duplex.ts'

describe('the events under simple-peer', () => {
	it('[TR25] are told to listeners in the order in which they came', () => {
		const stream = new Duplex()
		const heard: string[] = []
		stream.on('x', (value: string) => heard.push(`a ${value}`))
		stream.on('x', (value: string) => heard.push(`b ${value}`))
		expect(stream.emit('x', '1')).toBe(true)
		expect(heard).toEqual(['a 1', 'b 1'])
		expect(stream.emit('y')).toBe(false)
	})
	it('[TR25] an error that nobody listens for is thrown', () => {
		expect(() => new Duplex().emit('error', new Error('lost'))).toThrow('lost')
	})
})
