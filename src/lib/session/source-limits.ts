/**
 * What a site's player cannot do that the others in the room would notice, one sentence each; empty for most.
 */
import type { Player } from '#lib/players/player.ts'
import type { FollowStatus } from '#lib/follow/follower.ts'
import { sourceLimitsWords } from '#lib/words/source-limits.ts'

export const limitsOf = (
	player: Pick<Player, 'can' | 'facts'>,
	status: Pick<FollowStatus, 'playsAtRate'> | null,
): readonly string[] => {
	const { can } = player
	const { timeline, isLive } = player.facts()
	const words = sourceLimitsWords()
	const limits: string[] = []
	if (can.read === 'none' && can.seek === 'reload') limits.push(words.blind)
	else if (timeline === 'none') limits.push(words.siteDecides)
	else if (isLive && can.seek === 'none') limits.push(words.cannotBeMoved)
	else if (can.rate === 'none' && can.seek === 'direct') limits.push(words.noSpeed)
	if (status?.playsAtRate !== null && status?.playsAtRate !== undefined)
		limits.push(words.otherSpeed(String(status.playsAtRate)))
	return limits
}
