/**
 * `npm run bench:sync:wan`: the synchrony benchmark over a wide-area link between network namespaces. Root, Linux,
 * Python 3; says so in one line where something of it is missing.
 */
process.argv.push('--wan')
await import('./sync.ts')

export {}
