/**
 * What stands between the room's film and the page under the panel, as one line with what can be done about it.
 */
import type { QueueItem } from '#lib/core/state.ts'
import type { StatusView } from '#lib/core/view.ts'
import { titleWithin } from '#lib/core/title-words.ts'
import { extensionPanelWords } from '#lib/words/extension-panel.ts'
import type { PanelPage } from '../wire/panel-messages.ts'

export type NoticeAct =
	| { readonly type: 'play-this' }
	| { readonly type: 'add-this' }
	| { readonly type: 'go'; readonly url: string }
	| { readonly type: 'start-here' }
	| { readonly type: 'status'; readonly kind: StatusView['kind'] }

export interface Notice {
	/** Another key, another notice: one that was closed stays closed. */
	readonly key: string
	readonly text: string
	readonly acts: readonly {
		readonly label: string
		readonly act: NoticeAct
		readonly reason: string | null
	}[]
	/** 0 to 1, where something is waited for. */
	readonly progress: number | null
	/** It may be closed. */
	readonly canClose: boolean
}

export interface NoticeInput {
	readonly page: PanelPage
	readonly current: QueueItem | null
	readonly status: StatusView | null
	/** Why this person may not add, or null. */
	readonly whyNotAdd: string | null
}

/** Null for what is no address of the web. */
const webUrl = (text: string | null): URL | null => {
	const url = text === null ? null : URL.parse(text)
	return url !== null && /^https?:$/.test(url.protocol) ? url : null
}

const statusNotice = (status: StatusView): Notice => ({
	key: `status ${status.kind}`,
	text: status.text,
	acts:
		status.action === null
			? []
			: [{ label: status.action, act: { type: 'status', kind: status.kind }, reason: null }],
	progress: status.progress,
	canClose: status.kind === 'alone',
})

export const noticeOf = ({ page, current, status, whyNotAdd }: NoticeInput): Notice | null => {
	const words = extensionPanelWords()
	const plain = { acts: [], progress: null, canClose: true }
	const offerThis = [
		{ label: words.playThis, act: { type: 'play-this' }, reason: whyNotAdd },
		{ label: words.addThis, act: { type: 'add-this' }, reason: whyNotAdd },
	] as const
	const goTo = (text: string | null, label: (host: string) => string) => {
		const url = webUrl(text)
		return url === null
			? []
			: [
					{
						label: label(url.host.replace(/^www\./, '')),
						act: { type: 'go', url: url.href },
						reason: null,
					} as const,
				]
	}

	if (current === null) return { ...plain, key: 'nothing-on', text: words.nothingOn, acts: offerThis }
	switch (page.obstacle) {
		case 'other-page': {
			const title = titleWithin(current.title)
			const text = title === '' ? words.otherPageUnnamed : words.otherPage(title)
			return {
				...plain,
				key: `other-page ${current.id}`,
				text,
				acts: [...goTo(page.url, words.goThere), ...offerThis],
			}
		}
		case 'blocked':
			return {
				...plain,
				key: 'blocked',
				text: words.blocked,
				acts: [{ label: words.startHere, act: { type: 'start-here' }, reason: null }],
				canClose: false,
			}
		case 'no-video': {
			const frame = page.site?.frame ?? null
			if (frame === null) return { ...plain, key: 'no-video', text: words.noVideo }
			return {
				...plain,
				key: `in-frame ${frame.host}`,
				text: words.inFrame(frame.host),
				acts: goTo(frame.url, words.openFrame),
			}
		}
		case 'ad':
			return { ...plain, key: 'ad', text: words.siteAd }
		case null:
			break
	}
	if (page.note !== null) return { ...plain, key: `note ${page.note}`, text: page.note }
	const { isProtected = false, refuses = null } = page.site ?? {}
	if (refuses !== null)
		return {
			...plain,
			key: `refuses ${refuses}`,
			text: refuses === 'play' ? words.refusesPlay : words.refusesSeek,
		}
	const ofStatus = status === null ? null : statusNotice(status)
	// Nothing is wrong yet with a protected video: whatever the room waits for comes first.
	return ofStatus ?? (isProtected ? { ...plain, key: 'protected', text: words.isProtected } : null)
}
