/** The production follow loop, under a name that the rig's build gives it. */
declare module 'rig:follow' {
	export * from '#lib/follow/follow.ts'
}
