/**
 * The two functions of `lib0/logging` that Yjs calls, for the browser: the original brings a console with styles, a
 * DOM library and a schema library along, 9 KB for two warnings. Put in its place by scripts/lean-dependencies.ts.
 */

/** Styles of lib0's console; said plainly here. */
export const ORANGE = ''
export const RED = ''
export const BOLD = ''
export const UNBOLD = ''

export const print = (...said: readonly unknown[]): void => {
	console.log(...said.filter((part) => part !== ''))
}

export const warn = (...said: readonly unknown[]): void => {
	console.warn(...said)
}
