/**
 * How much of each fault: what CI has time for, or with FAULTS=soak (`npm run soak`) what a night has. A variable of
 * the size's own name goes before both.
 */
const isSoak = process.env['FAULTS'] === 'soak'

/** `name` is the variable that overrides it. */
export const sizeOf = (name: string, ci: number, soak: number): number => {
	const value = process.env[name]
	if (value === undefined || value === '') return isSoak ? soak : ci
	const size = Number(value)
	if (!Number.isInteger(size) || size < 1) throw new Error(`${name} is no number of times: ${value}`)
	return size
}

const fromTheClock = (): number => 1 + (Date.now() % 0xffff_fffe)

/** Printed by whoever draws from it: the same seed draws the same again. */
export const seedOf = (name: string): number => sizeOf(name, fromTheClock(), fromTheClock())

/** For simulations, which a seed repeats exactly: always the same lives in CI, new ones each night. */
export const simSeedOf = (name: string): number => sizeOf(name, 1, fromTheClock())
