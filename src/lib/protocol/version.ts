/**
 * What "the same version" means: the shape of every message between browser and server, as one hash.
 * When a schema moves, the test beside this file fails; then decide whether old clients can still talk, raise
 * `SIGNALING_VERSION` if not, and pin the new hash.
 */
import {
	apiError,
	clientConfig,
	identityAnswer,
	identityRequest,
	roomAnswer,
	roomRegistration,
	ticketAnswer,
	ticketRequest,
} from './http.ts'
import * as accounts from './accounts.ts'
import { figuresReport } from './figures.ts'
import { historyAnswer, historyClaim } from './history.ts'
import * as media from './media.ts'
import { roomOrder, roomOrderRequest } from './orders.ts'
import { RELAY_LAYOUT } from './relay.ts'
import { clientMessage, serverMessage, SIGNALING_VERSION } from './signaling.ts'

const SCHEMAS = {
	clientMessage,
	serverMessage,
	relayFrame: { describe: RELAY_LAYOUT },
	identityRequest,
	identityAnswer,
	roomRegistration,
	roomAnswer,
	ticketRequest,
	ticketAnswer,
	clientConfig,
	apiError,
	roomOrder,
	roomOrderRequest,
	doorRequest: accounts.doorRequest,
	doorAnswer: accounts.doorAnswer,
	signUpRequest: accounts.signUpRequest,
	signInRequest: accounts.signInRequest,
	exchangeRequest: accounts.exchangeRequest,
	signOutRequest: accounts.signOutRequest,
	accountView: accounts.accountView,
	sessionAnswer: accounts.sessionAnswer,
	accountChange: accounts.accountChange,
	passwordChange: accounts.passwordChange,
	accountDevices: accounts.accountDevices,
	accountDeletion: accounts.accountDeletion,
	describeRequest: media.describeRequest,
	describeAnswer: media.describeAnswer,
	lookRequest: media.lookRequest,
	lookAnswer: media.lookAnswer,
	playlistRequest: media.playlistRequest,
	playlistAnswer: media.playlistAnswer,
	searchRequest: media.searchRequest,
	searchAnswer: media.searchAnswer,
	figuresReport,
	historyClaim,
	historyAnswer,
}

/** The canonical text of the whole protocol. */
export const protocolText = (): string =>
	[
		`version ${String(SIGNALING_VERSION)}`,
		...Object.entries(SCHEMAS).map(([name, schema]) => `${name} ${schema.describe}`),
	].join('\n')

/** SHA-256 of `protocolText()`, hex. */
export const PROTOCOL_SHA256 = 'd5813f3e9cb16ef85c102c4ca45b58a11818139a102521ed3fd517c60aa3b3b5'
