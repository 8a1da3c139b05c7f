/**
 * What a fake site is: the hosts it stands in for, how it answers, and switches that a test may turn while it runs.
 * One file a site beside this one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface FakeSite {
	/** Exact names, or `*.example.org` for everything under it. */
	readonly hosts: readonly string[]
	/** `url` carries the host that was asked for. Whoever throws is answered for with a 500. */
	handle(url: URL, request: IncomingMessage, response: ServerResponse): void | Promise<void>
}

export const sendText = (
	response: ServerResponse,
	status: number,
	contentType: string,
	body: string | Uint8Array,
	headers: Record<string, string> = {},
): void => {
	response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store', ...headers })
	response.end(body)
}

export const sendPage = (response: ServerResponse, html: string): void =>
	sendText(response, 200, 'text/html; charset=utf-8', html)

export const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
	sendText(response, status, 'application/json', JSON.stringify(value), {
		'access-control-allow-origin': '*',
	})
