/**
 * Who an account is, everywhere and for ever: `a_` and 128 random bits.
 */
import { randomBytes } from 'node:crypto'
import type { SubjectId } from '#lib/core/units.ts'

export const newAccountId = (): SubjectId => `a_${randomBytes(16).toString('base64url')}` as SubjectId
