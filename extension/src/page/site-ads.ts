/**
 * Whether what a site's player shows now is the site's own ad. It is waited for, never skipped or covered (design,
 * section 6). Sites say so in the names of their players, which they may change: then an ad is taken for the film, and
 * the room's length check notices.
 */

/** YouTube marks its player while an ad runs in the film's own video. */
const YOUTUBE_AD = '.html5-video-player.ad-showing, .html5-video-player.ad-interrupting'

export const isSiteAd = (video: Element): boolean => video.closest(YOUTUBE_AD) !== null
