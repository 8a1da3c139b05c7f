/**
 * Giving a file of subtitles to all, and taking one back.
 */
import type { BodyValue } from './body.ts'
import { freeSlot, ownRecords } from './free-slot.ts'
import { KINDS, SUBTITLE_PART_BYTES, SUBTITLE_UNPACKED_MAX_BYTES, subtitleLanguage } from './kinds.ts'
import { NO_SUCH_ITEM, NOTHING_TO_DO, refusal, type Draft, type Plan, type PlanContext } from './plan.ts'
import type { CommandOutcome, NewSubtitles } from './room.ts'
import { modSlot } from './slots.ts'
import { cleanTitle, shorten, SUBTITLE_NAME_MAX_CHARS } from './text.ts'
import type { SubtitleId } from './units.ts'

const { slots: SLOTS } = KINDS.subtitle
const TOO_MUCH: CommandOutcome = { type: 'too-big', what: 'subtitles', limit: SLOTS * SUBTITLE_PART_BYTES }

export const planShareSubtitles = (context: PlanContext, given: NewSubtitles): Plan | CommandOutcome => {
	const refused = refusal(context, 'add')
	if (refused) return refused
	const { packed, item, format } = given
	const { queue, subtitles } = context.fold
	if (!queue.entries.has(item)) return NO_SUCH_ITEM
	if (packed.length === 0) return NOTHING_TO_DO
	if (given.size > SUBTITLE_UNPACKED_MAX_BYTES)
		return { type: 'too-big', what: 'subtitles', limit: SUBTITLE_UNPACKED_MAX_BYTES }
	const n = Math.ceil(packed.length / SUBTITLE_PART_BYTES)
	const language = subtitleLanguage.parse(given.language ?? undefined)

	// Slots of what this one takes the place of, then free ones, then those of what nobody sees any more.
	const own = ownRecords(context, 'subtitle')
	const nonces = new Set<string>()
	const shown = new Set<string>()
	for (const { file, head } of subtitles.entries.values()) {
		if (file.by !== context.me || head.body === null) continue
		const isReplaced = file.item === item && file.language === (language ?? null)
		const isOver = queue.entries.get(file.item)?.isRemoved ?? true
		if (isReplaced) nonces.add(head.body.f)
		else if (!isOver) shown.add(head.body.f)
	}
	const replaced = own.filter(({ body }) => body !== null && nonces.has(body.f)).map(({ slot }) => slot)
	const taken = new Set(replaced.slice(0, n))
	for (let free = freeSlot(context, 'subtitle', own, taken); taken.size < n && free !== null;)
		free = freeSlot(context, 'subtitle', own, taken.add(free))
	for (const { slot, body } of own)
		if (taken.size < n && (body === null || !shown.has(body.f)) && !replaced.includes(slot)) taken.add(slot)
	if (taken.size < n) return TOO_MUCH

	const f = context.nonce()
	const drafts = [...taken].map((slot, i): Draft => {
		const data = packed.slice(i * SUBTITLE_PART_BYTES, (i + 1) * SUBTITLE_PART_BYTES)
		const head: BodyValue = {
			name: shorten(cleanTitle(given.name), SUBTITLE_NAME_MAX_CHARS) || 'Subtitles',
			lang: language,
			form: format,
			size: given.size,
		}
		return { kind: 'subtitle', slot, body: { f, item, i, n, data, ...(i === 0 && head) } }
	})
	const left = replaced.filter((slot) => !taken.has(slot))
	return {
		drafts: [...drafts, ...left.map((slot): Draft => ({ kind: 'subtitle', slot, body: null }))],
		outcome: () => ({ type: 'done', subtitles: `${context.me}.${f}` as SubtitleId }),
	}
}

/** By the person who gave it, from any of their devices, or by who may moderate. */
export const planRemoveSubtitles = (context: PlanContext, id: SubtitleId): Plan | CommandOutcome => {
	const entry = context.fold.subtitles.entries.get(id)
	if (entry === undefined) return NOTHING_TO_DO
	const { people } = context.fold
	const isMine = people.subjectOf(entry.file.by) === people.subjectOf(context.me)
	const refused = isMine ? null : refusal(context, 'moderate')
	if (refused) return refused
	const outcome = (): CommandOutcome => ({ type: 'done', subtitles: id })
	// What was given from here goes for good; what is left says who took it back, and what it was called.
	const own = entry.file.by === context.me ? ownRecords(context, 'subtitle') : []
	const emptied = own
		.filter(({ body }) => body?.f === entry.head.body?.f)
		.map(({ slot }): Draft => ({ kind: 'subtitle', slot, body: null }))
	const slot = modSlot(context, entry.head.ref)
	const hide: BodyValue = { t: 'hide', message: entry.head.ref, sub: entry.file.name }
	const told: Draft[] = slot === null ? [] : [{ kind: 'mod', slot, body: hide }]
	if (emptied.length + told.length === 0) return { type: 'too-big', what: 'record', limit: KINDS.mod.slots }
	return { drafts: [...emptied, ...told], outcome }
}
