/**
 * A process full of members, from outside. @roamhq/wrtc may take its process along when it ends connections: whoever
 * measures or tests with many of them has them out of the own process.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { FromHost, Job, ToHost, Visit } from './job.ts'

export const createHost = async () => {
	const child: ChildProcess = fork(join(import.meta.dirname, 'members.ts'), {
		execArgv: ['--expose-gc'],
		stdio: ['ignore', 'ignore', process.env['VERBOSE'] ? 'inherit' : 'ignore', 'ipc'],
	})
	const next = <Type extends FromHost['type']>(type: Type) =>
		new Promise<Extract<FromHost, { type: Type }>>((resolve, reject) => {
			const leave = () => {
				child.off('message', listen)
				child.off('exit', fail)
			}
			const fail = (code: number | null, signal: string | null) => {
				leave()
				reject(new Error(`a process of members ended with ${String(signal ?? code)}`))
			}
			const listen = (message: unknown) => {
				if ((message as FromHost).type !== type) return
				leave()
				resolve(message as Extract<FromHost, { type: Type }>)
			}
			child.on('message', listen)
			child.on('exit', fail)
		})
	const ask = async <Type extends FromHost['type']>(message: ToHost, answer: Type) => {
		if (!child.connected) throw new Error('a process of members has ended')
		const answered = next(answer)
		child.send(message)
		return answered
	}
	await next('ready')
	return {
		start: (job: Job) => ask({ type: 'start', job }, 'started'),
		sayAll: () => ask({ type: 'say-all' }, 'said'),
		count: () => ask({ type: 'count' }, 'counted'),
		report: () => ask({ type: 'report' }, 'report'),
		visit: (expectedChat: number): Promise<Visit> => ask({ type: 'visit', expectedChat }, 'visited'),
		end: () => {
			child.removeAllListeners('exit')
			child.kill('SIGKILL')
		},
	}
}

export type MemberHost = Awaited<ReturnType<typeof createHost>>
