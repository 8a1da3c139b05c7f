/** The page of signing in, and the door password before it. */
import { subject } from './subject.ts'

const english = {
	pageTitle: 'Sign in · Matinee',
	signIn: 'Sign in',
	createAccount: 'Create account',
	asking: 'Asking the server which ways in it has.',
	serverAway: 'The server is away',
	serverAwayAbout:
		'Signing in needs it. Rooms that this device has been in open without it, and what you do in them is kept.',
	needs: (part: string) => `Signing in needs ${part}`,
	backToRoom: 'Back to the room',
	frontPage: 'Front page',
	door: 'The door password first',
	doorAbout:
		'This server asks everybody for it, guests and accounts alike. Whoever sent you the link, or runs the server, knows it.',
	doorPassword: 'Door password',
	openDoor: 'Open the door',
	noAccounts: 'No accounts here',
	noAccountsAbout: 'This server has none: a link and a name are enough.',
	about: (takesGuests: boolean) =>
		`The same person, and the rooms you make, on every device. ${
			takesGuests ? 'To watch, the link is enough.' : 'This server takes no guests.'
		}`,
	username: 'Username',
	password: 'Password',
	passwordHint:
		'At least 8 characters; longer is better. There is no way to get a new one by mail, so keep it.',
	yourName: 'Your name',
	yourNameHint: 'As the others see you. Left empty, it is the username.',
	newHere: 'New here?',
	beenHere: 'Been here before?',
	or: 'or',
	continueWith: (provider: string) => `Continue with ${provider}`,
	aGuest: 'A guest',
	guestName: 'a guest’s name, on this device',
	goOnAsGuest: 'Go on without an account',
	typeUsername: 'Type a username.',
	typePassword: 'Type a password.',
	typeDoorPassword: 'Type the door password.',
}
export type SignInWords = typeof english
export const signInWords = subject('sign-in', english)
