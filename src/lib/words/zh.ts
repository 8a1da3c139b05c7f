/**
 * Every subject in Simplified Chinese: one file, fetched when first used. A subject or a word that is missing is an
 * error of types, or of words.test.ts.
 */
import { code } from './zh/code.ts'
import { common } from './zh/common.ts'
import { doors } from './zh/doors.ts'
import { entry } from './zh/entry.ts'
import { header } from './zh/header.ts'
import { home } from './zh/home.ts'
import { invite } from './zh/invite.ts'
import { lock } from './zh/lock.ts'
import { look } from './zh/look.ts'
import { needs } from './zh/needs.ts'
import { offlineReady } from './zh/offline-ready.ts'
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
import { update } from './zh/update.ts'
import { wrongCode } from './zh/wrong-code.ts'
import { activity } from './zh/activity.ts'
import { deeds } from './zh/deeds.ts'
import { every } from './zh/every.ts'
import { filmDeeds } from './zh/film-deeds.ts'
import { news } from './zh/news.ts'
import { people } from './zh/people.ts'
import { removing } from './zh/removing.ts'
import { rename } from './zh/rename.ts'
import { who } from './zh/who.ts'
import { inStep } from './zh/in-step.ts'
import { stats } from './zh/stats.ts'

export const zh = {
	code,
	common,
	controls,
	doors,
	entry,
	film,
	header,
	home,
	invite,
	keys,
	lock,
	look,
	needs,
	'offline-ready': offlineReady,
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
	update,
	'wrong-code': wrongCode,
	activity,
	deeds,
	every,
	'film-deeds': filmDeeds,
	news,
	people,
	removing,
	rename,
	who,
	'in-step': inStep,
	stats,
}
