/**
 * Puts a menu or a sheet into the top layer beside its button. Native popover where the browser has it, so that
 * nothing clips it, full screen included.
 */
export interface FloatOptions {
	readonly trigger: HTMLElement
	/** With the button's start or end, or with the window's right edge. */
	readonly align: 'start' | 'end' | 'edge'
	/** Pressed outside, or the page moved under it. */
	readonly onaway: () => void
}

const GAP_PX = 6
const EDGE_PX = 8

const place = (node: HTMLElement, { trigger, align }: FloatOptions): void => {
	const at = trigger.getBoundingClientRect()
	const { offsetWidth: width, offsetHeight: height } = node
	const left = { start: at.left, end: at.right - width, edge: innerWidth - width - EDGE_PX }[align]
	const below = at.bottom + GAP_PX
	const fitsBelow = below + height <= innerHeight - EDGE_PX
	const top = fitsBelow || at.top < height + GAP_PX ? below : at.top - height - GAP_PX
	node.style.left = `${String(Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX)))}px`
	node.style.top = `${String(Math.max(EDGE_PX, Math.min(top, innerHeight - height - EDGE_PX)))}px`
}

/** An attachment for the floating element; the caller renders it only while it is open. */
export const floating =
	(options: FloatOptions) =>
	(node: HTMLElement): (() => void) => {
		node.popover = 'manual'
		if ('showPopover' in node) node.showPopover()
		place(node, options)
		const onpress = (event: Event): void => {
			const target = event.target
			if (target instanceof Node && !node.contains(target) && !options.trigger.contains(target))
				options.onaway()
		}
		const onresize = (): void => {
			place(node, options)
		}
		document.addEventListener('pointerdown', onpress, true)
		addEventListener('resize', onresize)
		return () => {
			document.removeEventListener('pointerdown', onpress, true)
			removeEventListener('resize', onresize)
		}
	}
