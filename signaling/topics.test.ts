import { expect, it } from 'vitest'
import { createTopics, SUBSCRIBERS_PER_TOPIC, TOPICS_PER_SOCKET } from './topics.ts'

it('[SG33] a socket has 50 topics at most, and one it leaves makes room', () => {
	const topics = createTopics()
	for (let n = 0; n < TOPICS_PER_SOCKET; n++) expect(topics.subscribe(1, String(n))).toBe(true)
	expect(topics.subscribe(1, 'one more')).toBe(false)
	expect(topics.subscribe(1, '0')).toBe(true)
	topics.unsubscribe(1, '0')
	expect(topics.subscribe(1, 'one more')).toBe(true)
	expect(topics.listeners('one more')).toEqual(new Set([1]))
})

it('[SG33] a topic has 1,000 listeners at most', () => {
	const topics = createTopics()
	for (let socket = 0; socket < SUBSCRIBERS_PER_TOPIC; socket++) topics.subscribe(socket, 'a')
	expect(topics.subscribe(-1, 'a')).toBe(false)
})

it('[SG33] nothing is left of a socket that has gone', () => {
	const topics = createTopics()
	topics.subscribe(1, 'a')
	topics.subscribe(1, 'b')
	topics.subscribe(2, 'b')
	topics.leave(1)
	topics.unsubscribe(1, 'never subscribed')
	expect(topics.listeners('a').size).toBe(0)
	expect(topics.listeners('b')).toEqual(new Set([2]))
	expect(topics.size()).toBe(1)
})
