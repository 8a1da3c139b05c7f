/** A page of its own with relative paths, so that any host serves it below any path. */
export const prerender = true
