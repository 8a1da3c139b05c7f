/**
 * Every subject in Simplified Chinese: one file, fetched when first used. A subject or a word that is missing is an
 * error of types, or of words.test.ts.
 */
import { common } from './zh/common.ts'
import { doors } from './zh/doors.ts'
import { header } from './zh/header.ts'
import { invite } from './zh/invite.ts'
import { lock } from './zh/lock.ts'
import { passwordField } from './zh/password-field.ts'
import { roomNotice } from './zh/room-notice.ts'
import { roomSettings } from './zh/room-settings.ts'
import { room } from './zh/room.ts'
import { sites } from './zh/sites.ts'
import { toasts } from './zh/toasts.ts'

export const zh = {
	common,
	doors,
	header,
	invite,
	lock,
	'password-field': passwordField,
	'room-notice': roomNotice,
	'room-settings': roomSettings,
	room,
	sites,
	toasts,
}
