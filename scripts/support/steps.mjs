/**
 * Steps of one long check: what each says, how long it took, and the sum of the tests of all. Steps may run side by
 * side: each one's output is kept and printed whole when it ends.
 */

/** @typedef {{ passed: number, failed: number, failures?: readonly string[], flaky?: readonly string[] }} Counts */
/** @typedef {(say: ((text: string) => void) | undefined) => Promise<unknown>} Work */

export const createSteps = () => {
	const sum = { passed: 0, failed: 0 }
	/** @type {Set<string>} */
	const failures = new Set()
	/** @type {string[]} */
	const flaky = []
	/** @type {string[]} */
	const failedTests = []

	/** @type {(name: string, work: Work, options?: { isLive?: boolean }) => Promise<boolean>} */
	const attempt = async (name, work, { isLive = false } = {}) => {
		/** @type {string[]} */
		const kept = []
		if (isLive) console.log(`\n── ${name}`)
		const startedAt = Date.now()
		let isGood = true
		try {
			await work(isLive ? undefined : (text) => void kept.push(text))
		} catch (error) {
			isGood = false
			failures.add(name)
			kept.push(`${error instanceof Error ? error.message : String(error)}\n`)
		}
		const told = `${name}: ${isGood ? '' : 'failed after '}${((Date.now() - startedAt) / 1000).toFixed(0)} s`
		if (isLive) console.log(`${kept.join('')}   ${told}`)
		else console.log(`\n── ${told}\n${kept.join('')}`.trimEnd())
		return isGood
	}

	return {
		/**
		 * A check that is one pass or one failure.
		 * @param {string} name
		 * @param {Work} work gets where to put what it says
		 */
		async check(name, work) {
			const isGood = await attempt(name, work)
			if (isGood) sum.passed++
			else sum.failed++
			return isGood
		},
		/**
		 * A runner that writes its own counts; one that ends without them, or with none, is a failure by itself.
		 * @param {string} name
		 * @param {Work} work
		 * @param {() => Counts} count
		 * @param {{ isLive?: boolean }} [options] `isLive`: it runs alone, and its output is shown as it comes.
		 */
		async suite(name, work, count, options) {
			const isGood = await attempt(name, work, options)
			try {
				const counts = count()
				sum.passed += counts.passed
				sum.failed += counts.failed
				flaky.push(...(counts.flaky ?? []))
				failedTests.push(...(counts.failures ?? []))
				if (counts.passed === 0) throw new Error(`${name} ran no test`)
				if (!isGood && counts.failed === 0) sum.failed++
			} catch (error) {
				console.error(error instanceof Error ? error.message : error)
				failures.add(name)
				sum.failed++
			}
		},
		/** @param {unknown} error what ended everything */
		fail(error) {
			console.error(error instanceof Error ? error.message : error)
			failures.add('set-up')
			sum.failed++
		},
		/** Prints the end of it all; the last line is the sum alone. Returns the exit code. */
		close() {
			if (flaky.length > 0) console.log(`\nFlaky, passed at a later try:\n${flaky.join('\n')}`)
			if (failedTests.length > 0) console.log(`\nFailed tests:\n${failedTests.join('\n')}`)
			if (failures.size > 0) console.log(`\nFailed: ${[...failures].join(', ')}`)
			console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
			return sum.failed > 0 ? 1 : 0
		},
	}
}
