/**
 * The bus as it is configured, and words for the log about its coming and going.
 */
import type { Config } from '../config.ts'
import type { Bus, BusEvent } from './bus.ts'
import { createMemoryBroker } from './memory.ts'
import { openRedisBus } from './redis.ts'

/** Rejects with `BusRefused`. */
export const openBus = async (
	{ redisUrl, redisPrefix }: Pick<Config, 'redisUrl' | 'redisPrefix'>,
	nowMs: () => number,
): Promise<Bus> =>
	redisUrl === null ? createMemoryBroker(nowMs).connect() : openRedisBus(redisUrl, { prefix: redisPrefix })

export const busNewsText = (event: Exclude<BusEvent, { type: 'message' }>): string =>
	event.type === 'away'
		? `Redis is away: ${event.why}. Rooms go on; members at other processes are out of reach meanwhile`
		: `Redis is back after ${String(Math.round(event.afterMs / 1000))} s`
