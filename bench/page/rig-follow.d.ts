/** The production follow loop, under a name that the rig's build gives it. */
declare module 'rig:follow' {
	export { createFollower } from '#lib/follow/follow.ts'
}
