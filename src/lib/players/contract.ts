/**
 * What every player must do, as checks that need no test runner: the fake runs them in Node on virtual time, the
 * real ones in a page (`runPlayerContract` answers with what failed). A check says for which abilities it holds; what a
 * player declares it cannot do is not asked of it, and is listed as skipped.
 */
import type { Player, PlayerAbilities, PlayerEvent, PlayerSample } from './player.ts'

export interface ContractStage {
	/** A fresh player for a film of 20 s or more. */
	open(): Promise<Player>
	/** Lets so much time pass. */
	wait(ms: number): Promise<void>
	/** How far positions may be off, in seconds: start and seek lags, and the machine's load. */
	readonly toleranceS: number
}

export interface ContractCheck {
	readonly name: string
	/** Left out: it holds for every player. */
	holdsFor?(can: PlayerAbilities): boolean
	run(stage: ContractStage): Promise<void>
}

const POLL_MS = 50
const POLLS = 200

const claim = (isTrue: boolean, what: string): void => {
	if (!isTrue) throw new Error(what)
}
const isReadable = (can: PlayerAbilities): boolean => can.read !== 'none'
const isSeekable = (can: PlayerAbilities): boolean => can.seek === 'direct' && isReadable(can)

const sampleOf = (player: Player): PlayerSample => {
	const sample = player.sample()
	if (!sample) throw new Error('no position')
	return sample
}
const positionOf = (player: Player): number => sampleOf(player).positionS
/** How exact a standing player's position is: reports are rounded to frames. */
const exactS = (player: Player): number => (player.can.read === 'clock' ? 0.001 : 0.05)
const near = (player: Player, wantedS: number, toleranceS: number): void => {
	const positionS = positionOf(player)
	claim(Math.abs(positionS - wantedS) <= toleranceS, `at ${positionS} instead of ${wantedS}`)
}
const until = async (
	stage: ContractStage,
	what: string,
	isTrue: () => boolean,
	pollMs = POLL_MS,
): Promise<void> => {
	for (let i = 0; i < POLLS; i++) {
		if (isTrue()) return
		await stage.wait(pollMs)
	}
	throw new Error(`never: ${what}`)
}
/** A position that is true now, or has just been reported. */
const fresh = async (stage: ContractStage, player: Player): Promise<PlayerSample> => {
	if (player.can.read === 'reports') {
		const { atLocalMs } = sampleOf(player)
		await until(stage, 'a fresh report', () => sampleOf(player).atLocalMs !== atLocalMs, 10)
	}
	return sampleOf(player)
}
/** Speed between two readings `ms` apart. */
const speedOver = async (stage: ContractStage, player: Player, ms: number): Promise<number> => {
	const from = await fresh(stage, player)
	await stage.wait(ms)
	const to = await fresh(stage, player)
	return ((to.positionS - from.positionS) * 1000) / (to.atLocalMs - from.atLocalMs)
}
/** The speed it settles at, as near to `wanted` as one of a few readings shows: a busy machine disturbs some of them. */
const settledSpeed = async (
	stage: ContractStage,
	player: Player,
	wanted: number,
	within: number,
	ms = 2_000,
): Promise<number> => {
	let nearest = Infinity
	for (let i = 0; i < 4 && Math.abs(nearest - wanted) > within; i++) {
		const speed = await speedOver(stage, player, ms)
		if (Math.abs(speed - wanted) < Math.abs(nearest - wanted)) nearest = speed
	}
	return nearest
}
const isStanding = (player: Player): boolean =>
	player.state().type === 'ready' || player.state().type === 'paused'
const ready = async (stage: ContractStage): Promise<Player> => {
	const player = await stage.open()
	await until(stage, 'ready', () => player.state().type === 'ready')
	return player
}
const playing = async (stage: ContractStage): Promise<Player> => {
	const player = await ready(stage)
	const outcome = await player.play()
	claim(outcome === 'playing', `play() answered ${outcome}`)
	if (isReadable(player.can)) await until(stage, 'moving', () => positionOf(player) > 0.1)
	else await until(stage, 'playing', () => player.state().type === 'playing')
	return player
}

export const PLAYER_CONTRACT: readonly ContractCheck[] = [
	{
		name: '[PL1] tells its length and readiness by events, and stands at 0 until told to play',
		async run(stage) {
			const player = await stage.open()
			const seen: PlayerEvent['type'][] = []
			player.on((event) => seen.push(event.type))
			await until(stage, 'ready', () => player.state().type === 'ready')
			claim(seen.includes('state'), `only ${seen.join(', ')} were told`)
			if (isReadable(player.can)) {
				claim((player.facts().durationS ?? 0) >= 20, `length ${player.facts().durationS}`)
				claim(seen.includes('facts'), 'the length was not told')
			}
			await stage.wait(300)
			if (isReadable(player.can)) near(player, 0, 0.01)
			player.dispose()
		},
	},
	{
		name: '[PL2] play moves it at the speed of the clock it samples by',
		holdsFor: isReadable,
		async run(stage) {
			const player = await playing(stage)
			await stage.wait(500)
			const speed = await settledSpeed(stage, player, 1, stage.toleranceS, 1_000)
			claim(Math.abs(speed - 1) <= stage.toleranceS, `speed ${speed}`)
			player.dispose()
		},
	},
	{
		name: '[PL3] pause stops it where it is',
		async run(stage) {
			const player = await playing(stage)
			player.pause()
			if (player.can.read === 'clock') await stage.wait(100)
			else await until(stage, 'paused', () => player.state().type === 'paused')
			claim(player.state().type === 'paused', `state ${player.state().type}`)
			// The report of where it stopped may be on its way.
			if (player.can.read === 'reports') await stage.wait(400)
			const positionS = isReadable(player.can) ? positionOf(player) : 0
			await stage.wait(400)
			if (isReadable(player.can)) near(player, positionS, 0.001)
			claim(player.state().type === 'paused', `state ${player.state().type}`)
			player.dispose()
		},
	},
	{
		name: '[PL4] a seek while paused is exact, and while playing goes on from there',
		holdsFor: isSeekable,
		async run(stage) {
			const player = await ready(stage)
			player.seek(7.25)
			await until(stage, 'there', () => isStanding(player))
			near(player, 7.25, exactS(player))
			await player.play()
			player.seek(12)
			await until(stage, 'there', () => player.state().type === 'playing')
			await stage.wait(500)
			const lateS = player.can.read === 'clock' ? 0 : 1.5
			if (lateS > 0) await until(stage, 'a report from there', () => positionOf(player) >= 12)
			claim(
				positionOf(player) > 12 - exactS(player) && positionOf(player) < 12.5 + lateS + stage.toleranceS,
				`at ${positionOf(player)}`,
			)
			player.pause()
			await until(stage, 'paused', () => isStanding(player))
			player.seek(3.5)
			await until(stage, 'there', () => isStanding(player) && Math.abs(positionOf(player) - 3.5) < 1)
			await stage.wait(300)
			near(player, 3.5, exactS(player))
			claim(isStanding(player), `a seek while paused left it ${player.state().type}`)
			player.dispose()
		},
	},
	{
		name: '[PL5] a rate beside 1 is exact with the pitch let go',
		holdsFor: (can) => can.rate === 'fine' && isReadable(can),
		async run(stage) {
			const player = await playing(stage)
			player.setRate(1.05, false)
			await stage.wait(500)
			const within = 0.01 + stage.toleranceS / 10
			const rate = await settledSpeed(stage, player, 1.05, within)
			claim(Math.abs(rate - 1.05) <= within, `rate ${rate}`)
			player.dispose()
		},
	},
	{
		name: '[PL22] each listed rate that is asked for is taken, and 1 again afterwards',
		holdsFor: (can) => Array.isArray(can.rate) && isReadable(can),
		async run(stage) {
			const player = await playing(stage)
			const { rate: rates } = player.can
			claim(Array.isArray(rates) && rates.includes(1) && rates.length > 1, `rates ${String(rates)}`)
			const quicker = (rates as readonly number[]).find((rate) => rate > 1) ?? 1
			player.setRate(quicker, true)
			await stage.wait(1_000)
			const speed = await settledSpeed(stage, player, quicker, 0.05)
			claim(Math.abs(speed - quicker) < 0.05 + stage.toleranceS / 10, `${speed} instead of ${quicker}`)
			player.setRate(1, true)
			await stage.wait(1_000)
			const after = await settledSpeed(stage, player, 1, 0.05)
			claim(Math.abs(after - 1) < 0.05 + stage.toleranceS / 10, `${after} instead of 1`)
			player.dispose()
		},
	},
	{
		name: '[PL6] what we tell it to do is never told back as a person’s act',
		async run(stage) {
			const player = await ready(stage)
			let intents = 0
			player.on((event) => {
				if (event.type === 'user-intent') intents += 1
			})
			await player.play()
			if (player.can.seek === 'direct') player.seek(5)
			await stage.wait(400)
			player.pause()
			await stage.wait(200)
			if (player.can.seek === 'direct') player.seek(9)
			// What an embed says late must not be taken for a person either.
			await stage.wait(1_500)
			claim(intents === 0, `${intents} acts`)
			player.dispose()
		},
	},
	{
		name: '[PL7] it ends once, at its length, and says so',
		holdsFor: isSeekable,
		async run(stage) {
			const player = await ready(stage)
			let ends = 0
			player.on((event) => {
				if (event.type === 'state' && event.state.type === 'ended') ends += 1
			})
			const durationS = player.facts().durationS ?? 0
			player.seek(durationS - 1)
			await until(stage, 'there', () => isStanding(player))
			await player.play()
			await until(stage, 'ended', () => player.state().type === 'ended')
			await stage.wait(300)
			claim(ends === 1, `${ends} ends`)
			near(player, durationS, 0.2)
			player.dispose()
		},
	},
	{
		name: '[PL8] a seek beyond the end stays within the film',
		holdsFor: isSeekable,
		async run(stage) {
			const player = await ready(stage)
			player.seek(1e6)
			await stage.wait(500)
			claim(positionOf(player) <= (player.facts().durationS ?? 0) + 0.1, `at ${positionOf(player)}`)
			player.seek(-5)
			await until(stage, 'at the start', () => positionOf(player) <= exactS(player))
			claim(positionOf(player) >= 0, `at ${positionOf(player)}`)
			player.dispose()
		},
	},
	{
		name: '[PL9] dispose may be called twice and ends all events',
		async run(stage) {
			const player = await playing(stage)
			let events = 0
			player.on(() => (events += 1))
			player.dispose()
			player.dispose()
			await stage.wait(400)
			claim(events === 0, `${events} events`)
			claim((await player.play()) === 'failed', 'it plays after the end')
			claim(player.element.isConnected !== true, 'its element is still there')
		},
	},
]

export interface ContractReport {
	readonly passed: readonly string[]
	/** Not asked of a player with these abilities. */
	readonly skipped: readonly string[]
	/** Names with why. */
	readonly failed: readonly string[]
}

/** Runs all checks that fit the abilities of a player that is ready, one after the other. */
export const runPlayerContract = async (stage: ContractStage): Promise<ContractReport> => {
	const first = await ready(stage)
	const { can } = first
	first.dispose()
	const [passed, skipped, failed]: [string[], string[], string[]] = [[], [], []]
	for (const check of PLAYER_CONTRACT) {
		if (check.holdsFor?.(can) === false) {
			skipped.push(check.name)
			continue
		}
		try {
			await check.run(stage)
			passed.push(check.name)
		} catch (error) {
			failed.push(`${check.name}: ${error instanceof Error ? error.message : String(error)}`)
		}
	}
	return { passed, skipped, failed }
}
