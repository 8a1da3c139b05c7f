/**
 * A room of simulated machines around the production room clock, on virtual time, for tests and bench/clock.ts:
 * clocks wrong in their own way, ways longer in one direction, jitter, loss, a server, partitions, liars, sleep.
 */
import type { CombineVotes } from './clock-vote.ts'
import { createRoomClock, SERVER_WORD, type ClockWord, type RoomClock } from './room-clock.ts'

export const seeded = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

/** Standard normal. */
export const gauss = (random: () => number): number =>
	Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export interface WorldOptions {
	readonly seed: number
	/** Of a link in one direction, before its asymmetry. */
	readonly oneWayMs: number
	/** Each link is longer by so much (σ) one way and shorter the other. */
	readonly asymmetryMs: number
	/** Added to each packet: |gauss| × this. */
	readonly jitterMs: number
	readonly loss: number
	/** σ of the machines' quartz. */
	readonly ppm: number
	readonly hasServer: boolean
	readonly combine?: CombineVotes
}

/** What a machine makes of its own word before it tells it. */
export type Lie = (word: ClockWord, sinceMs: number) => ClockWord

export interface Machine {
	readonly name: string
	readonly clock: RoomClock
	readonly local: () => number
	/** Sees, says and counts nothing while time goes on for the others. */
	sleep(ms: number): void
	/** Its wall clock is set, by NTP or by hand. */
	setWall(byMs: number): void
	isLiar: boolean
}

export interface World {
	readonly machines: readonly Machine[]
	nowMs(): number
	/** `group`: machines of different groups have no link until `join`. */
	add(options?: {
		offsetMs?: number
		ppm?: number
		group?: string
		oneWayMs?: number
		lie?: Lie
		/** Sees the server; default: as the world. */
		hasServer?: boolean
		/** Its links come up so much later than the server's first answer may. */
		linkedAfterMs?: number
	}): Machine
	remove(machine: Machine): void
	/** Links all with all, whatever their group; or only within groups. */
	link(how: 'all' | 'groups' | readonly (readonly [Machine, Machine])[]): void
	/** The server goes, comes back, or has another time since it was started anew. */
	server(how: 'up' | 'away', offsetMs?: number): void
	run(ms: number, onStep?: () => void): void
	isPlaying: boolean
	/** Room time of each honest machine minus true time. */
	offsets(): number[]
	/** Between the two honest machines that are furthest apart. */
	spreadMs(): number
}

const STEP_MS = 20
const SERVER = 'server'

export const createWorld = (options: WorldOptions): World => {
	const random = seeded(options.seed)
	const START_MS = Date.UTC(2026, 5, 1)
	let nowMs = START_MS
	let serverOffsetMs = 0
	let isServerUp = options.hasServer
	let order = 0
	const due: { atMs: number; order: number; fn: () => void }[] = []
	const after = (ms: number, fn: () => void) => {
		const event = { atMs: nowMs + ms, order: order++, fn }
		let low = 0
		let high = due.length
		while (low < high) {
			const middle = (low + high) >> 1
			if (due[middle]!.atMs <= event.atMs) low = middle + 1
			else high = middle
		}
		due.splice(low, 0, event)
	}

	interface Inside extends Machine {
		readonly group: string
		readonly extraMs: number
		readonly bornMs: number
		readonly lie: Lie | undefined
		readonly seesServer: boolean
		readonly links: Set<string>
		readonly isAsleep: () => boolean
		/** The socket's own pace. */
		serverProbes: number
		nextServerProbeMs: number
	}
	const machines: Inside[] = []
	const ways = new Map<string, number>()
	/** One way from `a` to `b`, asymmetry and all, without jitter. */
	const wayMs = (a: string, b: string, extraMs: number): number => {
		const [low, high] = a < b ? [a, b] : [b, a]
		const key = `${low} ${high}`
		if (!ways.has(key)) ways.set(key, options.asymmetryMs * gauss(random))
		const skew = ways.get(key)! * (a === low ? 1 : -1)
		return Math.max(0.1, options.oneWayMs + extraMs + skew)
	}
	const packet = (a: string, b: string, extraMs: number, fn: () => void) => {
		const ms = wayMs(a, b, extraMs) + options.jitterMs * Math.abs(gauss(random))
		if (random() >= options.loss) after(ms, fn)
	}

	const setLink = (a: Inside, b: Inside, isLinked: boolean) => {
		if (a.links.has(b.name) === isLinked) return
		for (const [mine, theirs] of [
			[a, b],
			[b, a],
		] as const)
			if (isLinked) {
				mine.links.add(theirs.name)
				mine.clock.addNode(theirs.name)
			} else {
				mine.links.delete(theirs.name)
				mine.clock.removeNode(theirs.name)
			}
	}
	const reviewServer = () => {
		for (const machine of machines)
			if (isServerUp && machine.seesServer) machine.clock.addNode(SERVER, 'server')
			else machine.clock.removeNode(SERVER)
	}

	const probe = (from: Inside, id: string) => {
		const t0 = from.local()
		if (id === SERVER) {
			packet(from.name, SERVER, from.extraMs, () => {
				const t1 = nowMs + serverOffsetMs
				packet(SERVER, from.name, from.extraMs, () => {
					if (isServerUp && !from.isAsleep())
						from.clock.answered(SERVER, { t0, t1, t2: t1 + 0.1, t3: from.local() }, SERVER_WORD)
				})
			})
			return
		}
		const to = machines.find(({ name }) => name === id)
		if (to === undefined) return
		const extraMs = from.extraMs + to.extraMs
		packet(from.name, id, extraMs, () => {
			if (to.isAsleep() || !to.links.has(from.name)) return
			const t1 = to.local()
			const word = to.clock.word()
			const told = to.lie === undefined ? word : to.lie(word, nowMs - to.bornMs)
			packet(id, from.name, extraMs, () => {
				if (!from.isAsleep() && from.links.has(id))
					from.clock.answered(id, { t0, t1, t2: t1 + 0.1, t3: from.local() }, told)
			})
		})
	}

	let count = 0
	const world: World = {
		machines,
		isPlaying: true,
		nowMs: () => nowMs,
		add({
			offsetMs = (random() - 0.5) * 1e7,
			ppm = options.ppm * gauss(random),
			group = '',
			oneWayMs = 0,
			lie,
			hasServer = options.hasServer,
			linkedAfterMs = 0,
		} = {}) {
			const bornMs = nowMs
			let sleptMs = 0
			/** Asleep from then on. */
			let fellAsleepMs: number | null = null
			let setMs = 0
			const local = () => {
				const awakeMs = (fellAsleepMs ?? nowMs) - sleptMs
				return awakeMs + offsetMs + ((awakeMs - bornMs) * ppm) / 1e6
			}
			const clock = createRoomClock({
				local,
				wall: () => local() + sleptMs + setMs,
				present: () => machines.length,
				// As the server's roster has it.
				expected: () => (hasServer && isServerUp ? machines.length - 1 : machine.links.size),
				...(options.combine && { combine: options.combine }),
			})
			const machine: Inside = {
				name: `m${String(count++).padStart(3, '0')}`,
				clock,
				local,
				group,
				extraMs: oneWayMs,
				bornMs,
				lie,
				isLiar: lie !== undefined,
				seesServer: hasServer,
				links: new Set(),
				serverProbes: 0,
				nextServerProbeMs: nowMs,
				isAsleep: () => fellAsleepMs !== null,
				sleep(ms) {
					fellAsleepMs = nowMs
					after(ms, () => {
						fellAsleepMs = null
						sleptMs += ms
					})
				},
				setWall(byMs) {
					setMs += byMs
				},
			}
			machines.push(machine)
			const linkUp = () => {
				for (const other of machines)
					if (other !== machine && other.group === group) setLink(machine, other, true)
			}
			if (linkedAfterMs > 0) after(linkedAfterMs, linkUp)
			else linkUp()
			reviewServer()
			return machine
		},
		remove(machine) {
			const gone = machines.find((one) => one === machine)
			if (gone === undefined) return
			for (const other of machines) if (other !== gone) setLink(gone, other, false)
			machines.splice(machines.indexOf(gone), 1)
		},
		link(how) {
			for (const a of machines)
				for (const b of machines) {
					if (a.name >= b.name) continue
					const isListed = typeof how !== 'string' && how.some((pair) => pair.includes(a) && pair.includes(b))
					setLink(a, b, how === 'all' || a.group === b.group || isListed)
				}
		},
		server(how, offsetMs = serverOffsetMs) {
			isServerUp = how === 'up'
			serverOffsetMs = offsetMs
			reviewServer()
		},
		run(ms, onStep) {
			for (const endMs = nowMs + ms; nowMs < endMs;) {
				for (const machine of machines) {
					if (machine.isAsleep()) continue
					for (const id of machine.clock.probesDue(!world.isPlaying)) probe(machine, id)
					if (!isServerUp || !machine.seesServer || nowMs < machine.nextServerProbeMs) continue
					machine.nextServerProbeMs = nowMs + (++machine.serverProbes < 16 ? 40 : 2_000)
					probe(machine, SERVER)
				}
				const untilMs = nowMs + STEP_MS
				for (let first = due[0]; first !== undefined && first.atMs <= untilMs; first = due[0]) {
					due.shift()
					nowMs = first.atMs
					first.fn()
				}
				nowMs = untilMs
				for (const { clock, isAsleep } of machines) if (!isAsleep()) clock.step(world.isPlaying)
				onStep?.()
			}
		},
		offsets: () => machines.filter(({ isLiar }) => !isLiar).map(({ clock }) => clock.nowMs() - nowMs),
		spreadMs() {
			const offsets = world.offsets()
			return Math.max(...offsets) - Math.min(...offsets)
		},
	}
	return world
}
