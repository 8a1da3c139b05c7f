/**
 * Schemas small enough to read: each parses unknown data into a fresh, plain value or answers `null`.
 * Only own keys of plain objects count (a `__proto__` key must not arrive as a prototype), unknown keys refuse the
 * message, and `describe` gives the canonical text that the version hash is taken over.
 */
export interface Schema<T> {
	/** A copy holding only what the schema names, or `undefined` where the input does not fit. */
	parse(input: unknown): T | undefined
	readonly describe: string
}

export type Parsed<S> = S extends Schema<infer T> ? T : never

/** `length` counts UTF-16 units; a lone surrogate never fits. */
export const text = (max: number, pattern?: RegExp): Schema<string> => ({
	parse: (input) =>
		typeof input === 'string' && input.length <= max && input.isWellFormed() && (pattern?.test(input) ?? true)
			? input
			: undefined,
	describe: `text(${max}${pattern ? `,${pattern.source}` : ''})`,
})

export const integer = (min: number, max: number): Schema<number> => ({
	parse: (input) =>
		Number.isSafeInteger(input) && (input as number) >= min && (input as number) <= max
			? (input as number)
			: undefined,
	describe: `integer(${min},${max})`,
})

export const real = (min: number, max: number): Schema<number> => ({
	parse: (input) =>
		typeof input === 'number' && Number.isFinite(input) && input >= min && input <= max
			? Object.is(input, -0)
				? 0
				: input
			: undefined,
	describe: `real(${min},${max})`,
})

export const flag: Schema<boolean> = {
	parse: (input) => (typeof input === 'boolean' ? input : undefined),
	describe: 'flag',
}

export const literal = <const T extends string | number | boolean | null>(value: T): Schema<T> => ({
	parse: (input) => (input === value ? value : undefined),
	describe: JSON.stringify(value),
})

export const oneOf = <const T extends readonly string[]>(...values: T): Schema<T[number]> => ({
	parse: (input) => (values.includes(input as string) ? (input as T[number]) : undefined),
	describe: `oneOf(${values.join(',')})`,
})

export const bytes = (min: number, max: number): Schema<Uint8Array> => ({
	parse: (input) =>
		input instanceof Uint8Array && input.length >= min && input.length <= max ? input : undefined,
	describe: `bytes(${min},${max})`,
})

export const nullable = <T>(inner: Schema<T>): Schema<T | null> => ({
	parse: (input) => (input === null ? null : inner.parse(input)),
	describe: `nullable(${inner.describe})`,
})

export const list = <T>(inner: Schema<T>, max: number): Schema<T[]> => ({
	parse: (input) => {
		if (!Array.isArray(input) || input.length > max) return undefined
		const out: T[] = []
		for (let i = 0; i < input.length; i++) {
			const value = inner.parse(input[i])
			if (value === undefined) return undefined
			out.push(value)
		}
		return out
	},
	describe: `list(${inner.describe},${max})`,
})

interface Optional<T> {
	readonly optional: Schema<T>
}
/** Marks a key that may be missing (a key that is present with `undefined` counts as missing). */
export const optional = <T>(inner: Schema<T>): Optional<T> => ({ optional: inner })

type Fields = Record<string, Schema<unknown> | Optional<unknown>>
type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K] extends Optional<unknown> ? never : K }[keyof F]
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F]
type ObjectOf<F extends Fields> = { [K in RequiredKeys<F>]: Parsed<F[K]> } & {
	[K in OptionalKeys<F>]?: F[K] extends Optional<infer T> ? T : never
}

const isOptional = (field: Schema<unknown> | Optional<unknown>): field is Optional<unknown> =>
	'optional' in field

export const isPlainObject = (input: unknown): input is Record<string, unknown> => {
	if (typeof input !== 'object' || input === null) return false
	const proto: unknown = Object.getPrototypeOf(input)
	return proto === Object.prototype || proto === null
}

/** What a later version may call a key: a short word, and no name that plain objects have a meaning for. */
const isLaterKey = (key: string): boolean =>
	/^[a-z][A-Za-z0-9]{0,15}$/.test(key) && !/^(constructor|prototype|toString|valueOf|toJSON|then)$/.test(key)

const objectOf = <F extends Fields>(fields: F, isOpen: boolean): Schema<ObjectOf<F>> => {
	const entries = Object.entries(fields)
	return {
		parse: (input) => {
			if (!isPlainObject(input)) return undefined
			for (const key of Object.keys(input))
				if (!Object.hasOwn(fields, key) && !(isOpen && isLaterKey(key))) return undefined
			const out: Record<string, unknown> = {}
			for (const [key, field] of entries) {
				const raw = Object.hasOwn(input, key) ? input[key] : undefined
				if (isOptional(field)) {
					if (raw === undefined) continue
					const value = field.optional.parse(raw)
					if (value === undefined) return undefined
					out[key] = value
				} else {
					const value = field.parse(raw)
					if (value === undefined) return undefined
					out[key] = value
				}
			}
			return out as ObjectOf<F>
		},
		describe: `{${entries.map(([key, field]) => (isOptional(field) ? `${key}?:${field.optional.describe}` : `${key}:${field.describe}`)).join(',')}${isOpen ? ',…' : ''}}`,
	}
}

/** An object of these keys and no others. */
export const object = <F extends Fields>(fields: F): Schema<ObjectOf<F>> => objectOf(fields, false)

/** As `object`, but keys that it does not name are left out, not refused: a later version may know what they say. */
export const open = <F extends Fields>(fields: F): Schema<ObjectOf<F>> => objectOf(fields, true)

/** Objects told apart by their `type`. */
export const union = <T>(...members: readonly Schema<T>[]): Schema<T> => ({
	parse: (input) => {
		for (const member of members) {
			const value = member.parse(input)
			if (value !== undefined) return value
		}
		return undefined
	},
	describe: `union(${members.map((member) => member.describe).join('|')})`,
})

/** Same bytes, another type: for branded ids. */
export const branded = <Out>(inner: Schema<string>): Schema<Out> => inner as unknown as Schema<Out>
