/**
 * Whether a person's file is the one that the room watches, and how it differs if not. Pure.
 */
import type { MediaRef } from '#lib/core/media.ts'
import type { Seconds } from '#lib/core/units.ts'
import type { FileDifference, FileFacts } from '#lib/core/own-files.ts'

/** Another cut of a film differs by more. */
export const SAME_CUT_S: Seconds = 2

export type Comparison =
	| { readonly type: 'same' }
	/** `mayUseAnyway`: as far as is known, place and end are nearly the same in both. */
	| { readonly type: 'differs'; readonly difference: FileDifference; readonly mayUseAnyway: boolean }
	/** Beside a link: as far as is known of the same length. */
	| { readonly type: 'stands-in' }

/** `theirsS`: the item's length as the room knows it. */
export const compareFile = (
	own: Pick<FileFacts, 'size' | 'hash' | 'durationS'>,
	media: MediaRef,
	theirsS: Seconds | null,
): Comparison => {
	const isFile = media.kind === 'local-file'
	if (isFile && own.size === media.size && own.hash === media.hash) return { type: 'same' }
	const lengthS = (isFile ? media.durationS : undefined) ?? theirsS
	const durationS = own.durationS === null || lengthS === null ? null : own.durationS - lengthS
	const mayUseAnyway = durationS === null || Math.abs(durationS) < SAME_CUT_S
	if (!isFile && mayUseAnyway) return { type: 'stands-in' }
	const sizeBytes = isFile ? own.size - media.size : null
	return { type: 'differs', difference: { sizeBytes, durationS }, mayUseAnyway }
}
