/**
 * For a container's health check: exits with 0 if the server in here answers. The certificate is for others to judge.
 */
import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'

const { PORT, TLS_CERT, HOST } = process.env
const isAnywhere = !HOST || HOST === '0.0.0.0' || HOST === '::'
const host = isAnywhere ? '127.0.0.1' : HOST
const get = TLS_CERT ? getSecure : getPlain
const request = get(
	{ host, port: Number(PORT || 8080), path: '/healthz', rejectUnauthorized: false, timeout: 4_000 },
	(response) => process.exit(response.statusCode === 200 ? 0 : 1),
)
request.on('timeout', () => process.exit(1))
request.on('error', () => process.exit(1))
