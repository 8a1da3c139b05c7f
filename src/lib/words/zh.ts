/**
 * Every subject in Simplified Chinese: one file, fetched when first used. A subject or a word that is missing is an
 * error of types, or of words.test.ts.
 */
import { account } from './zh/account.ts'
import { accountAnswers } from './zh/account-answers.ts'
import { code } from './zh/code.ts'
import { chat } from './zh/chat.ts'
import { chatTools } from './zh/chat-tools.ts'
import { common } from './zh/common.ts'
import { emoji } from './zh/emoji.ts'
import { doors } from './zh/doors.ts'
import { entry } from './zh/entry.ts'
import { extension } from './zh/extension.ts'
import { extensionPerson } from './zh/extension-person.ts'
import { extensionOptions } from './zh/extension-options.ts'
import { extensionSites } from './zh/extension-sites.ts'
import { extensionPanel } from './zh/extension-panel.ts'
import { firstFiles } from './zh/first-files.ts'
import { header } from './zh/header.ts'
import { hideAddress } from './zh/hide-address.ts'
import { history } from './zh/history.ts'
import { home } from './zh/home.ts'
import { invite } from './zh/invite.ts'
import { linkToasts } from './zh/link-toasts.ts'
import { panelLine } from './zh/panel-line.ts'
import { lock } from './zh/lock.ts'
import { look } from './zh/look.ts'
import { needs } from './zh/needs.ts'
import { onSite } from './zh/on-site.ts'
import { offlineReady } from './zh/offline-ready.ts'
import { ownChoices } from './zh/own-choices.ts'
import { ownSettings } from './zh/own-settings.ts'
import { passwordField } from './zh/password-field.ts'
import { refusals } from './zh/refusals.ts'
import { roomNotice } from './zh/room-notice.ts'
import { roomSettings } from './zh/room-settings.ts'
import { room } from './zh/room.ts'
import { serverTrouble } from './zh/server-trouble.ts'
import { settings } from './zh/settings.ts'
import { signIn } from './zh/sign-in.ts'
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
import { fileButton } from './zh/file-button.ts'
import { files } from './zh/files.ts'
import { update } from './zh/update.ts'
import { wrongCode } from './zh/wrong-code.ts'
import { activity } from './zh/activity.ts'
import { deeds } from './zh/deeds.ts'
import { filmDeeds } from './zh/film-deeds.ts'
import { news } from './zh/news.ts'
import { people } from './zh/people.ts'
import { removing } from './zh/removing.ts'
import { rename } from './zh/rename.ts'
import { who } from './zh/who.ts'
import { inStep } from './zh/in-step.ts'
import { stats } from './zh/stats.ts'
import { subtitles } from './zh/subtitles.ts'
import { watching } from './zh/watching.ts'
import { addField } from './zh/add-field.ts'
import { linkProblems } from './zh/link-problems.ts'
import { links } from './zh/links.ts'
import { queue } from './zh/queue.ts'
import { queueList } from './zh/queue-list.ts'
import { queueOptions } from './zh/queue-options.ts'
import { sourceLimits } from './zh/source-limits.ts'
import { titles } from './zh/titles.ts'
import { failures } from './zh/failures.ts'
import { playerNotes } from './zh/player-notes.ts'
import { outcomes } from './zh/outcomes.ts'
import { moving } from './zh/moving.ts'
import { browserLacks } from './zh/browser-lacks.ts'
import { ownName } from './zh/own-name.ts'
import { passwords } from './zh/passwords.ts'
import { shutRoom } from './zh/shut-room.ts'
import { guestNames } from './zh/guest-names.ts'
import { steering } from './zh/steering.ts'

export const zh = {
	account,
	'account-answers': accountAnswers,
	activity,
	'add-field': addField,
	'browser-lacks': browserLacks,
	chat,
	'chat-tools': chatTools,
	code,
	common,
	controls,
	deeds,
	doors,
	emoji,
	entry,
	extension,
	'extension-panel': extensionPanel,
	'extension-person': extensionPerson,
	'extension-options': extensionOptions,
	'extension-sites': extensionSites,
	failures,
	'file-button': fileButton,
	files,
	film,
	'film-deeds': filmDeeds,
	'first-files': firstFiles,
	'guest-names': guestNames,
	header,
	'hide-address': hideAddress,
	history,
	home,
	'in-step': inStep,
	invite,
	keys,
	'link-problems': linkProblems,
	'link-toasts': linkToasts,
	'panel-line': panelLine,
	links,
	lock,
	look,
	moving,
	needs,
	news,
	'offline-ready': offlineReady,
	'on-site': onSite,
	outcomes,
	'own-name': ownName,
	'own-choices': ownChoices,
	'own-settings': ownSettings,
	'password-field': passwordField,
	passwords,
	people,
	'player-notes': playerNotes,
	queue,
	'queue-list': queueList,
	'queue-options': queueOptions,
	refusals,
	removing,
	rename,
	room,
	'room-notice': roomNotice,
	'room-settings': roomSettings,
	'server-trouble': serverTrouble,
	settings,
	'shut-room': shutRoom,
	'sign-in': signIn,
	sites,
	'source-limits': sourceLimits,
	'source-note': sourceNote,
	stage,
	'stage-note': stageNote,
	stats,
	status,
	subtitles,
	times,
	titles,
	toasts,
	update,
	watching,
	who,
	'wrong-code': wrongCode,
	steering,
}
