/** The rules that ours is measured against, by the key they have in the results. */
import type { FollowDeps } from '#lib/follow/follower.ts'
import { jellyfin } from './jellyfin.ts'
import { mediaSync } from './media-sync.ts'
import { createRuleFollower, type Rival, type Rule } from './rule-follower.ts'
import { seekIfFar } from './seek-if-far.ts'
import { syncplay } from './syncplay.ts'
import { timingsrc } from './timingsrc.ts'
import { vimeo } from './vimeo.ts'
import { watchParty } from './watch-party.ts'

const rival = (rule: Rule): Rival => ({
	name: rule.name,
	create: (deps: FollowDeps) => createRuleFollower(rule, deps),
})

export const rivals: Readonly<Record<string, Rival>> = {
	timingsrc: rival(timingsrc),
	MediaSync: rival(mediaSync),
	Jellyfin: rival(jellyfin),
	WatchParty: rival(watchParty),
	Syncplay: rival(syncplay),
	OpenTogetherTube: rival(seekIfFar),
	Vimeo: rival(vimeo),
}
