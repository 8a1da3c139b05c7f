/** An account in one's own settings: name, picture, devices, password, data. */
import { subject } from './subject.ts'

const english = {
	show: 'Show',
	showPassword: 'Show password',
	hide: 'Hide',
	hidePassword: 'Hide password',
	/** Name and picture. */
	yourName: 'Your name',
	guestNameHint: 'A guest’s name: it is kept on this device only.',
	nameSaved: 'Saved. Rooms show it from now on.',
	choosePicture: 'Choose a picture',
	changePicture: 'Change the picture',
	removePicture: 'Remove it',
	pictureFile: 'Picture file',
	pictureSaved: 'The picture is saved.',
	pictureRemoved: 'The picture is removed.',
	/** Devices. `when`: in the midst of a sentence. */
	devices: 'Devices',
	devicesComing: 'The list of devices is on its way.',
	thisDevice: 'This device',
	signedIn: (when: string) => `Signed in ${when}`,
	lastHere: (last: string, signedIn: string) => `Last here ${last}, signed in ${signedIn}`,
	signOut: 'Sign out',
	signOutEverywhere: 'Sign out everywhere',
	signedOut: (device: string) => `${device} is signed out.`,
	/** Password. */
	changePassword: 'Change password',
	currentPassword: 'Current password',
	newPassword: 'New password',
	newPasswordHint: 'At least 8 characters; longer is better. Your other devices will be signed out.',
	typeCurrent: 'Type your password so far.',
	typeNew: 'Type a new password.',
	passwordChanged: 'The password is changed. Your other devices are signed out.',
	savePassword: 'Save the new password',
	keepPassword: 'Keep the old one',
	/** Data. */
	dataAbout:
		'A file with everything that this server keeps about your account. Rooms are not on it: they live on their members’ devices.',
	exportData: 'Export my data',
	deleteAccount: 'Delete account',
	deleteAsk: 'Delete this account?',
	deleteAbout:
		'Name, picture and sign-in are deleted from this server at once, and nobody can bring them back. Rooms stay with their members; the ones you made have no owner but this device’s key then.',
	password: 'Password',
	typePassword: 'Type your password.',
	deleteIt: 'Delete it for good',
	keepIt: 'Keep it',
}
export type AccountWords = typeof english
export const accountWords = subject('account', english)
