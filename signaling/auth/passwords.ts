/**
 * Passwords: argon2id, a bounded number at once. Whoever does not exist costs as much as who does.
 */
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { createHash, randomBytes } from 'node:crypto'
import { createWorkQueue, HEAVY_AT_ONCE, type Outcome } from './work-queue.ts'

/** RFC 9106's second recommended option, in one lane: 64 MiB, three passes; 50 ms on a core of 2026. */
export const ARGON2 = { memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const
/** At 30 to 60 ms each, the last one waits about a second. */
const WAITING_MAX = 32
/** How long to stay away when the queue is full. */
export const BUSY_RETRY_MS = 3_000

const ARGON2ID = 2
const VERSION_19 = 1

/** The same password typed on another keyboard is the same password. */
export const normalPassword = (password: string): string => password.normalize('NFKC')

const isOutdated = (phc: string): boolean => {
	const made = parseOptions(phc)
	return (
		made.memoryCost !== ARGON2.memoryCost ||
		made.timeCost !== ARGON2.timeCost ||
		made.parallelism !== ARGON2.parallelism
	)
}

/** Whether `text` is a hash this server can check: argon2id, version 19, of a cost that is not an attack on itself. */
export const isUsableHash = (text: string): boolean => {
	try {
		const made = parseOptions(text)
		return (
			(made.algorithm as number) === ARGON2ID &&
			(made.version as number) === VERSION_19 &&
			made.memoryCost <= 256 * 1024 &&
			made.timeCost <= 10 &&
			made.parallelism <= 16 &&
			made.outputLen >= 16 &&
			made.saltLen >= 8
		)
	} catch {
		return false // no PHC string at all
	}
}

export type Verdict =
	| {
			readonly type: 'right'
			/** A new hash to keep, where the parameters have changed since the old one. */
			readonly rehashed: string | null
	  }
	| { readonly type: 'wrong' }

export type Passwords = Awaited<ReturnType<typeof createPasswords>>

/** Makes the hash that stands in for people who do not exist. */
export const createPasswords = async () => {
	const queue = createWorkQueue({ atOnce: HEAVY_AT_ONCE, waiting: WAITING_MAX })
	const nobody = await hash(randomBytes(16).toString('hex'), ARGON2)

	return {
		/** PHC string. */
		hash: (password: string): Promise<Outcome<string>> =>
			queue.run(() => hash(normalPassword(password), ARGON2)),

		/**
		 * For passwords of the configuration: the same text at each start and in each process, so that a change can be
		 * seen. `salt` must be another one for everybody.
		 */
		hashSalted: (password: string, salt: string): Promise<Outcome<string>> =>
			queue.run(() =>
				hash(normalPassword(password), {
					...ARGON2,
					salt: createHash('sha256').update(salt).digest().subarray(0, 16),
				}),
			),

		/** `phc` null for somebody who is not there: as slow, and always wrong. `full` where too many wait. */
		verify: (password: string, phc: string | null): Promise<Outcome<Verdict>> =>
			queue.run(async () => {
				const normal = normalPassword(password)
				const isRight = (await verify(phc ?? nobody, normal)) && phc !== null
				if (!isRight) return { type: 'wrong' }
				return { type: 'right', rehashed: isOutdated(phc) ? await hash(normal, ARGON2) : null }
			}),
	}
}
