/**
 * The configuration as the audit log tells it at each start. What is known to be harmless is said, everything else is
 * only `set`: a setting that somebody adds later is a secret until it is listed here.
 */
import { BlockList } from 'node:net'
import type { Config } from './config.ts'

const PLAIN: readonly (keyof Config)[] = [
	'port',
	'host',
	'dataDir',
	'redisPrefix',
	'clientDir',
	'publicOrigin',
	'allowedOrigins',
	'isOriginRequired',
	'trustedProxies',
	'hasGuests',
	'accounts',
	'hasYWebrtc',
	'hasRelay',
	'hasMetadata',
	'keyRotationDays',
	'history',
	'historyKeepDays',
	'logLevel',
	'limits',
]

const textOf = (value: unknown): string => {
	if (value instanceof BlockList) return value.rules.join(', ')
	return typeof value === 'string' ? value : JSON.stringify(value)
}

const isSet = (value: unknown): boolean =>
	value !== null &&
	value !== undefined &&
	!(Array.isArray(value) && value.length === 0) &&
	!(value instanceof BlockList && value.rules.length === 0)

export const configForAudit = (config: Config): Readonly<Record<string, string>> => {
	const told: Record<string, string> = {}
	for (const [name, value] of Object.entries(config)) {
		if (!isSet(value)) continue
		told[name] = PLAIN.includes(name as keyof Config) ? textOf(value) : 'set'
	}
	return told
}
