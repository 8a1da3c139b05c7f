/**
 * WebCrypto for simulated time: its work is done in other threads, so the clock has to wait for it.
 */
export const createCountedSubtle = () => {
	let pending = 0
	const subtle = new Proxy(crypto.subtle, {
		get: (target, name) => {
			const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>
			return (...args: unknown[]) => {
				pending++
				return method.apply(target, args).finally(() => pending--)
			}
		},
	})
	const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
	/** Until nothing is being worked on, and what waited for it has had its turn. */
	const settle = async () => {
		await turn()
		while (pending > 0) await turn()
	}
	return { subtle, settle }
}
