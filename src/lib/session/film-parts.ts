/**
 * What only a film on the stage needs, as one chunk of its own: fetched beside the player.
 */
export { createFollower } from '#lib/follow/follow.ts'
export { limitsOf } from './source-limits.ts'
export { createStepHistory } from './step-history.ts'
export { filmStatus } from './film-status.ts'
export { describeFailure } from '#lib/players/describe-failure.ts'
