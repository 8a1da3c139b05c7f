/**
 * Every command's planning in one place that the room fetches when it first needs it: who only looks at a room does
 * not wait for what writes in it. (Introducing oneself is with the room itself; a film fetches the rest beside it.)
 */
import { createForkWatch } from './fork-watch.ts'
import { planEdit, planReact, planSay, planUnsay } from './plan-chat.ts'
import { planAccept, planOffer, planWithdraw } from './plan-handover.ts'
import { planGrant, planLetIn, planRemovePerson } from './plan-people.ts'
import { planAdd, planAddAgain, planAddMany } from './plan-add.ts'
import { planAdvance } from './plan-advance.ts'
import {
	planClear,
	planDescribe,
	planMove,
	planPlayNow,
	planRemove,
	planShuffle,
	planVote,
} from './plan-queue.ts'
import { planSet } from './plan-playback.ts'
import { planEvidence, planRedate } from './plan-room.ts'
import { planRename, planSettings } from './plan-settings.ts'
import { planRemoveSubtitles, planShareSubtitles } from './plan-subtitles.ts'
import { planUndo } from './plan-undo.ts'

export const plans = {
	rename: planRename,
	settings: planSettings,
	grant: planGrant,
	removePerson: planRemovePerson,
	letIn: planLetIn,
	offer: planOffer,
	withdraw: planWithdraw,
	accept: planAccept,
	add: planAdd,
	addMany: planAddMany,
	addAgain: planAddAgain,
	remove: planRemove,
	move: planMove,
	clear: planClear,
	shuffle: planShuffle,
	vote: planVote,
	describe: planDescribe,
	playNow: planPlayNow,
	advance: planAdvance,
	setVector: planSet,
	say: planSay,
	unsay: planUnsay,
	edit: planEdit,
	react: planReact,
	shareSubtitles: planShareSubtitles,
	removeSubtitles: planRemoveSubtitles,
	undo: planUndo,
	createForkWatch,
	evidence: planEvidence,
	redate: planRedate,
}
export type Plans = typeof plans
