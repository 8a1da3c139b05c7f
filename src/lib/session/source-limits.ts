/**
 * What a site's player cannot do that the others in the room would notice, one sentence each; empty for most.
 */
import type { Player } from '#lib/players/player.ts'
import type { FollowStatus } from '#lib/follow/follower.ts'

export const limitsOf = (
	player: Pick<Player, 'can' | 'facts'>,
	status: Pick<FollowStatus, 'playsAtRate'> | null,
): readonly string[] => {
	const { can } = player
	const { timeline, isLive } = player.facts()
	const limits: string[] = []
	if (can.read === 'none' && can.seek === 'reload')
		limits.push(
			'This site’s player cannot be steered or asked where it is. Each play, pause and seek loads it anew at the right second, so it can be a second or two off.',
		)
	else if (timeline === 'none')
		limits.push('This is live, and its site decides how far behind the present each of you is.')
	else if (isLive && can.seek === 'none')
		limits.push('This is live and cannot be moved: you are as near to each other as its site brings you.')
	else if (can.rate === 'none' && can.seek === 'direct')
		limits.push(
			'This site’s player changes no speed: it is kept in step by small jumps, within half a second.',
		)
	if (status?.playsAtRate !== null && status?.playsAtRate !== undefined)
		limits.push(
			`It cannot play at the room’s speed: it plays at ${String(status.playsAtRate)}× and is moved along.`,
		)
	return limits
}
