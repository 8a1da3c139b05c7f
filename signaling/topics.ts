/**
 * Who listens to which topic, for stock y-webrtc clients. Pure.
 */
export const TOPICS_PER_SOCKET = 50
export const TOPIC_MAX_CHARS = 200
export const SUBSCRIBERS_PER_TOPIC = 1_000

export type Topics = ReturnType<typeof createTopics>

export const createTopics = () => {
	const listeners = new Map<string, Set<number>>()
	const topicsOf = new Map<number, Set<string>>()

	const unsubscribe = (socket: number, topic: string): void => {
		topicsOf.get(socket)?.delete(topic)
		const set = listeners.get(topic)
		set?.delete(socket)
		if (set?.size === 0) listeners.delete(topic)
	}

	return {
		/** False where a cap stands against it. Subscribing twice is subscribing once. */
		subscribe(socket: number, topic: string): boolean {
			const own = topicsOf.get(socket) ?? new Set<string>()
			if (own.has(topic)) return true
			const set = listeners.get(topic) ?? new Set<number>()
			if (own.size >= TOPICS_PER_SOCKET || set.size >= SUBSCRIBERS_PER_TOPIC) return false
			topicsOf.set(socket, own.add(topic))
			listeners.set(topic, set.add(socket))
			return true
		},
		unsubscribe,
		leave(socket: number): void {
			for (const topic of topicsOf.get(socket) ?? []) unsubscribe(socket, topic)
			topicsOf.delete(socket)
		},
		listeners: (topic: string): ReadonlySet<number> => listeners.get(topic) ?? new Set(),
		size: () => listeners.size,
	}
}
