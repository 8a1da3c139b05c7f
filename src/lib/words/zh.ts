/**
 * Every subject in Simplified Chinese: one file, fetched when first used. A subject or a word that is missing is an
 * error of types, or of words.test.ts.
 */
import { common } from './zh/common.ts'

export const zh = { common }
