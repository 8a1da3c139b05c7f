/**
 * What the screens of signing in and of the account are given and ask for.
 */
import type { Millis } from '#lib/core/units.ts'
import type { OfflineView, OwnSettings } from '#lib/core/view.ts'

export type SignInView =
	| { readonly type: 'loading' }
	/** The server does not answer: guests go on with what they have. */
	| {
			readonly type: 'server-away'
			/** Where somebody has to mend something. */
			readonly why?: { readonly title: string; readonly detail: string } | null
	  }
	/** The door password comes first. */
	| { readonly type: 'door' }
	| {
			readonly type: 'ways-in'
			readonly passwords: boolean
			readonly signUp: boolean
			readonly guests: boolean
			readonly issuers: readonly { readonly id: string; readonly name: string }[]
	  }

/** `field` says where the sentence stands. */
export type AccountResult =
	| { readonly type: 'done' }
	| {
			readonly type: 'refused'
			readonly field: 'username' | 'password' | 'new-password' | 'name' | 'picture' | 'form'
			readonly message: string
	  }

export interface SignInScreenProps {
	readonly view: SignInView
	/** What went wrong at an outside provider, in words; from the address. */
	readonly problem: string | null
	/** Back to a room rather than home, for the words. */
	readonly returnsToRoom: boolean
	/** What a guest is called on this device; null until known. */
	readonly guestName: string | null
	readonly openDoor: (password: string) => Promise<AccountResult>
	readonly signIn: (username: string, password: string) => Promise<AccountResult>
	readonly signUp: (username: string, password: string, name: string) => Promise<AccountResult>
	/** Leaves the page for the provider. */
	readonly useProvider: (id: string) => void
	/** Goes on without an account. */
	readonly skip: () => void
	/** Asks the server again, for `server-away`. */
	readonly retry: () => void
}

export interface AccountDeviceView {
	readonly id: string
	readonly agent: string
	readonly createdAtMs: Millis
	readonly lastSeenAtMs: Millis
	readonly isThis: boolean
}

export interface AccountDetails {
	readonly kind: 'local' | 'list' | 'oidc'
	readonly username: string | null
	readonly name: string
	readonly pictureUrl: string | null
	readonly provider: string | null
	readonly createdAtMs: Millis
	/** Null until read. */
	readonly devices: readonly AccountDeviceView[] | null
}

/** The rooms that this device keeps, and what the whole page takes of it where the browser says. */
export type KeptRoomsView =
	| { readonly type: 'kept'; readonly count: number; readonly bytes: number | null }
	| { readonly type: 'unread' }

export interface SettingsScreenProps {
	/** Null: a guest, or not known yet (`isLoading`). */
	readonly account: AccountDetails | null
	readonly isLoading: boolean
	readonly isServerAway: boolean
	readonly nowMs: () => Millis
	readonly signInHref: string
	/** The name used in rooms: a guest's own, or the account's. */
	readonly guestName: string
	readonly rename: (name: string) => Promise<AccountResult>
	/** Any image file; made small before it is sent. */
	readonly setPicture: (file: File) => Promise<AccountResult>
	readonly removePicture: () => Promise<AccountResult>
	readonly changePassword: (current: string, next: string) => Promise<AccountResult>
	readonly signOut: (options: { readonly everywhere: boolean }) => Promise<AccountResult>
	readonly signOutDevice: (id: string) => Promise<AccountResult>
	/** Saves the data as a file. */
	readonly exportData: () => Promise<AccountResult>
	/** `password` for accounts that have one; otherwise empty. */
	readonly deleteAccount: (password: string) => Promise<AccountResult>
	/** What rooms on this device hear of; null until read, or where it cannot be. */
	readonly own: Pick<OwnSettings, 'hidesAddress' | 'toleranceMs'> | null
	readonly setOwn: (change: Partial<OwnSettings>) => void
	readonly offline: OfflineView
	/** Looks again, and fetches what is missing. */
	readonly retryOffline: () => void
	/** Null until read. */
	readonly keptRooms?: KeptRoomsView | null
	/** Whether all of them are gone. */
	readonly forgetAllRooms?: () => Promise<boolean>
}
