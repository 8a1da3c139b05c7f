/**
 * Single facts out of somebody else's JSON: own keys only, of the type that is meant, else null.
 */

/** What stands at `path`; undefined where there is no such place. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown => {
	let here = value
	for (const key of path) {
		if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
		here = (here as Record<string | number, unknown>)[key]
	}
	return here
}

export const textAt = (value: unknown, ...path: readonly (string | number)[]): string | null => {
	const found = at(value, ...path)
	return typeof found === 'string' ? found : null
}

export const numberAt = (value: unknown, ...path: readonly (string | number)[]): number | null => {
	const found = at(value, ...path)
	return typeof found === 'number' && Number.isFinite(found) ? found : null
}

export const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
	const found = at(value, ...path)
	return Array.isArray(found) ? (found as readonly unknown[]) : []
}
