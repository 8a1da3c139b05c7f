/**
 * The order of test files where nothing is known of them yet, as on a fresh clone: the folders of long tests come
 * first, so that at the end no worker is left alone with one of them.
 */
import type { TestSequencer, TestSpecification, Vitest } from 'vitest/node'

const LONG = ['/tests/sim/', '/tests/faults/', '/tests/hostile/', '/tests/integration/', '/sim.test.ts']

const rank = ({ moduleId }: TestSpecification): number => {
	const at = LONG.findIndex((part) => moduleId.includes(part))
	return at === -1 ? LONG.length : at
}

/** Vitest makes its sequencer with `new`. Its own order holds among equals, and its own shards. */
export class LongestFirst implements TestSequencer {
	readonly #vitest: Vitest
	constructor(vitest: Vitest) {
		this.#vitest = vitest
	}
	/** Not imported above: the build reads this file too, and has no use for Vitest. */
	async #own(): Promise<TestSequencer> {
		const { BaseSequencer } = await import('vitest/node')
		return new BaseSequencer(this.#vitest)
	}
	async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const own = await (await this.#own()).sort(files)
		return own.toSorted((a, b) => rank(a) - rank(b))
	}
	async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
		return (await this.#own()).shard(files)
	}
}
