/** Of controls that have nothing to steer, and of a player that is not here. */
import { subject } from './subject.ts'

const english = {
	nothingOn: 'Nothing is on. Add a video first.',
	queueEmpty: 'The queue is empty.',
	noPlayer: 'The player could not be fetched',
	noPlayerAbout: 'Matinee’s own server does not answer. Check that you are online, then load the page again.',
	cannotUndo: 'This cannot be undone.',
}
export type SteeringWords = typeof english
export const steeringWords = subject('steering', english)
