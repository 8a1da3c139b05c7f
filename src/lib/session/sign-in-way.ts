/**
 * The way to the page of signing in. It has the way back in its fragment, because a room's code is in that and must
 * not reach a server. Reading it is in sign-in-return.ts, which rooms need not load.
 */
export const BACK = 'back'

/** `path` with its fragment, of this app and from the host's root on: where the person stands now. */
export const signInHref = (path: string): string => `./login#${BACK}=${encodeURIComponent(path)}`
