/**
 * What Linux says of a running process, by its id.
 */
import { readFileSync, readdirSync } from 'node:fs'

/** The kernel's clock tick, as every Linux that Node runs on has it. */
const TICK_MS = 10

/** Resident memory, in bytes. */
export const rssOf = (pid: number): number => {
	const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))
	if (line === null) throw new Error(`no memory figure for ${String(pid)}`)
	return Number(line[1]) * 1024
}

/** Time on a processor so far, in ms, in steps of 10: unlike time on the clock, it does not grow by waiting. */
export const cpuMsOf = (pid: number): number => {
	const fields =
		readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
			.split(') ')[1]
			?.split(' ') ?? []
	return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Open files and sockets. */
export const fdsOf = (pid: number): number => readdirSync(`/proc/${String(pid)}/fd`).length

export const MIB = 1024 * 1024
