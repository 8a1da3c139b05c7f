/** Which messages the reader has had on the screen: a set that is replaced, never changed. */
import type { MessageId } from '#lib/core/units.ts'

export type ReadMarks = ReadonlySet<MessageId>

export const NOTHING_READ: ReadMarks = new Set()

export const markRead = (marks: ReadMarks, ids: readonly MessageId[]): ReadMarks =>
	new Set([...marks, ...ids])
