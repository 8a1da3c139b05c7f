/**
 * One line of a menu.
 */
import type { IconName } from './icons.ts'

export interface MenuItem {
	readonly label: string
	readonly icon?: IconName
	/** Given: one of several, of which some are on. */
	readonly isChecked?: boolean
	/** With `isChecked`: it is on or off by itself, and not one of several. */
	readonly isToggle?: boolean
	/** A line stands above it. */
	readonly startsGroup?: boolean
	readonly isDanger?: boolean
	/** The reason why it cannot be done now. */
	readonly reason?: string | null
	readonly pick: () => void
}
