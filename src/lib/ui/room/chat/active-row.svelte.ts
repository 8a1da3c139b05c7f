/**
 * The message that pointer, finger or arrows are at: its tools, its menu, its list of emoji, and how the keys move from
 * one to the next.
 */
import type { ChatMessage } from '#lib/core/state.ts'
import type { MessageId } from '#lib/core/units.ts'
import { createLazy } from '../../lazy.svelte.ts'

interface ActiveRowDeps {
	readonly log: () => HTMLElement | undefined
	/** Below the newest message the field is next. */
	readonly input: () => HTMLElement | undefined
	readonly isKnown: (id: MessageId) => boolean
	/** The newest message on the page. */
	readonly lastId: () => MessageId | null
	readonly reactReason: () => string | null
	/** Something is at a message: what stands around it is wanted. */
	readonly onactive: () => void
}

/** A thumb that stays on a message for so long opens its menu. */
const HOLD_MS = 500
const FLASH_MS = 1_700

const rowOf = (target: EventTarget | null): HTMLElement | null =>
	target instanceof Element ? target.closest<HTMLElement>('[data-message]') : null
const idOf = (row: HTMLElement | null): MessageId | null =>
	(row?.dataset['message'] as MessageId | undefined) ?? null

export const createActiveRow = (deps: ActiveRowDeps) => {
	const { log } = deps
	const picker = createLazy(() => import('./EmojiPicker.svelte'))
	const menu = createLazy(() => import('./MessageMenu.svelte'))
	let activeId = $state<MessageId | null>(null)
	let flashId = $state<MessageId | null>(null)
	/** What they are for stays known: an item is carried out when its menu has gone. */
	let menuFor = $state.raw<{ readonly message: ChatMessage; readonly trigger: HTMLElement } | null>(null)
	let pickFor = $state.raw<{ readonly id: MessageId; readonly trigger: HTMLElement } | null>(null)
	let isMenuOpen = $state(false)
	let isPickerOpen = $state(false)
	const isBusy = $derived(isMenuOpen || isPickerOpen)
	const reachableId = $derived(activeId !== null && deps.isKnown(activeId) ? activeId : deps.lastId())

	const all = (): HTMLElement[] => Array.from(log()?.querySelectorAll<HTMLElement>('[data-message]') ?? [])
	const elementOf = (id: MessageId): HTMLElement | undefined => all().find((row) => idOf(row) === id)
	const clickMenu = (row: HTMLElement): void => {
		row.querySelector<HTMLElement>('[aria-haspopup="menu"]')?.click()
	}

	const activate = (event: Event): void => {
		const id = idOf(rowOf(event.target))
		if (id === null || isBusy) return
		activeId = id
		deps.onactive()
	}
	const onkeydown = (event: KeyboardEvent): void => {
		const at = rowOf(event.target)
		if (event.target !== log() && event.target !== at) return
		const rows = all()
		const now = at === null ? rows.length : rows.indexOf(at)
		const to = {
			ArrowUp: Math.max(0, now - 1),
			ArrowDown: now + 1,
			Home: 0,
			End: rows.length - 1,
		}[event.key]
		if (to !== undefined) {
			if (event.key === 'ArrowDown' && to >= rows.length) deps.input()?.focus()
			else rows[to]?.focus()
		} else if ((event.key === 'Enter' || event.key === 'ContextMenu') && at !== null) clickMenu(at)
		else return
		event.preventDefault()
	}

	let holding: ReturnType<typeof setTimeout> | undefined
	const letGo = (): void => {
		clearTimeout(holding)
	}
	const onpointerdown = (event: PointerEvent): void => {
		letGo()
		const row = rowOf(event.target)
		if (event.pointerType !== 'touch' || row === null || !(event.target instanceof Element)) return
		if (event.target.closest('button, a') !== null) return
		holding = setTimeout(() => {
			clickMenu(row)
		}, HOLD_MS)
	}
	const onpointerleave = (): void => {
		if (!isBusy && !log()?.contains(document.activeElement)) activeId = null
	}

	return {
		menu,
		picker,
		onkeydown,
		activate,
		onpointerdown,
		letGo,
		onpointerleave,
		/** Tab comes to one of them. */
		get reachableId() {
			return reachableId
		},
		get flashId() {
			return flashId
		},
		get menuFor() {
			return menuFor
		},
		get isMenuOpen() {
			return isMenuOpen
		},
		get pickFor() {
			return pickFor
		},
		get isPickerOpen() {
			return isPickerOpen
		},
		openMenu: async (message: ChatMessage, trigger: HTMLElement): Promise<void> => {
			activeId = message.id
			await menu.load()
			menuFor = { message, trigger }
			isMenuOpen = menu.component !== null
		},
		closeMenu: (): void => {
			isMenuOpen = false
		},
		openPicker: async (id: MessageId, trigger: HTMLElement): Promise<void> => {
			if (deps.reactReason() !== null) return
			await picker.load()
			pickFor = { id, trigger }
			isPickerOpen = picker.component !== null
		},
		closePicker: (): void => {
			isPickerOpen = false
		},
		focus: (id: MessageId): void => {
			elementOf(id)?.focus()
		},
		/** It is on the page: to it, with a flash. */
		show: (id: MessageId): void => {
			activeId = id
			flashId = id
			const row = elementOf(id)
			row?.scrollIntoView({ block: 'center' })
			row?.focus({ preventScroll: true })
			setTimeout(() => {
				if (flashId === id) flashId = null
			}, FLASH_MS)
		},
	}
}
