/** What stands around a message where it has something to show: fetched with the first that does. */
import Quote from './Quote.svelte'
import Reactions from './Reactions.svelte'
import Tools from './Tools.svelte'

const parts = { Quote, Reactions, Tools }
export type ChatParts = typeof parts
export default parts
