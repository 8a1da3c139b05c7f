import { describe } from 'vitest'
import { busContract } from './contract.ts'
import { createMemoryBroker } from './memory.ts'

describe('the bus within one process', () => {
	const broker = createMemoryBroker(() => performance.now())
	busContract({
		connect: async () => broker.connect(),
		interrupt: () => broker.setState('away'),
		restore: () => broker.setState('up'),
	})
})
