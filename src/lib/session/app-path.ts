/**
 * Where the app is: under any path of any host, without being told. Its pages lie right below its front page
 * (`/watch/`, `/watch/r`, `/watch/login`), so links between them are relative (`./r#…`) and one build works everywhere.
 */

/** The front page, ending in '/', seen from any page of the app. */
export const appUrlOf = (pageUrl: URL): URL => new URL('.', pageUrl)

/** What stands before the app's own paths: '' at the root of a host, `/watch` below it. */
export const appPathOf = (pageUrl: URL): string => appUrlOf(pageUrl).pathname.slice(0, -1)
