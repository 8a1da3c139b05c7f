/**
 * The sites and what is said of links that are none, together in one chunk.
 */
export { describeProblem } from '#lib/sources/describe-problem.ts'
export { parseLink } from '#lib/sources/parse-link.ts'
