/** A page of its own with relative paths, so that any host serves it below any path; whoever waits sees its door. */
export const ssr = true
export const prerender = true
