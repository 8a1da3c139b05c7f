/**
 * A screen that comes in parts, a task for each: together they would hold a phone for half a second, in which it hears
 * no finger and draws nothing.
 */
import { nextTask } from '#lib/session/next-task.ts'

export const createInParts = (count: number) => {
	let shown = $state(1)
	return {
		/** How many of them are on the screen. */
		get shown() {
			return shown
		},
		/** The first one is there; returns what begins anew. */
		begin: (): (() => void) => {
			let isOver = false
			const goOn = async () => {
				for (let part = 2; part <= count; part++) {
					await nextTask()
					if (isOver) return
					shown = part
				}
			}
			void goOn()
			return () => {
				isOver = true
				shown = 1
			}
		},
	}
}
