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
import { times } from './zh/times.ts'
import { toasts } from './zh/toasts.ts'
import { stage } from './zh/stage.ts'
import { stageNote } from './zh/stage-note.ts'
import { controls } from './zh/controls.ts'
import { keys } from './zh/keys.ts'
import { sourceNote } from './zh/source-note.ts'
import { status } from './zh/status.ts'
import { film } from './zh/film.ts'

export const zh = {
	common,
	controls,
	doors,
	film,
	header,
	invite,
	keys,
	lock,
	'password-field': passwordField,
	room,
	'room-notice': roomNotice,
	'room-settings': roomSettings,
	sites,
	'source-note': sourceNote,
	stage,
	'stage-note': stageNote,
	status,
	times,
	toasts,
}
