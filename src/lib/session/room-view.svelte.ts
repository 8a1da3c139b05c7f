/**
 * The bridge from the session to Svelte, and nothing else: the latest model as reactive state.
 */
import type { RoomSession } from './open-room.ts'
import type { RoomModel } from './room-model.ts'

/** As much of a session as screens are shown by. The extension's panel has it of a room that is elsewhere. */
export type ViewedRoom<Commands> = Pick<
	RoomSession,
	'model' | 'onChange' | 'canDo' | 'canUndo' | 'nowMs' | 'live' | 'files' | 'setStage'
> & { readonly commands: Commands }

export interface RoomView<Commands = RoomSession['commands']> extends RoomModel {
	readonly canDo: RoomSession['canDo']
	readonly canUndo: RoomSession['canUndo']
	readonly nowMs: RoomSession['nowMs']
	readonly commands: Commands
	/** Who is writing is new with each model. */
	readonly live: RoomSession['live']
	/** What `stateOf` and `offering` answer is new with each model. */
	readonly files: RoomSession['files']
	readonly setStage: RoomSession['setStage']
	close(): void
}

/** What is allowed changes with the room: whoever asks is asked again with each model. */
const asOf = <T>(_model: RoomModel, answer: T): T => answer

export const createRoomView = <Commands>(session: ViewedRoom<Commands>): RoomView<Commands> => {
	let model = $state.raw<RoomModel>(session.model())
	const off = session.onChange((next) => (model = next))
	return {
		get state() {
			return model.state
		},
		get people() {
			return model.people
		},
		get connection() {
			return model.connection
		},
		get player() {
			return model.player
		},
		get status() {
			return model.status
		},
		get toast() {
			return model.toast
		},
		get invite() {
			return model.invite
		},
		get driftMs() {
			return model.driftMs
		},
		get lock() {
			return model.lock
		},
		get leftBehind() {
			return model.leftBehind
		},
		get unplayable() {
			return model.unplayable
		},
		get own() {
			return model.own
		},
		get lookAlikes() {
			return model.lookAlikes
		},
		get extension() {
			return model.extension ?? null
		},
		canDo: (action) => asOf(model, session.canDo(action)),
		canUndo: (entryId) => asOf(model, session.canUndo(entryId)),
		nowMs: session.nowMs,
		commands: session.commands,
		live: { ...session.live, typing: () => asOf(model, session.live.typing()) },
		files: {
			...session.files,
			stateOf: (item) => asOf(model, session.files.stateOf(item)),
			offering: () => asOf(model, session.files.offering()),
		},
		setStage: session.setStage,
		close: off,
	}
}
