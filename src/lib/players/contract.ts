/**
 * What every player must do, as checks that need no test runner: the fake runs them in Node on virtual time, the
 * real ones in a page (`runPlayerContract` answers with what failed).
 */
import type { Player, PlayerEvent } from './player.ts'

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
	run(stage: ContractStage): Promise<void>
}

const claim = (isTrue: boolean, what: string): void => {
	if (!isTrue) throw new Error(what)
}
const positionOf = (player: Player): number => {
	const sample = player.sample()
	if (!sample) throw new Error('no position')
	return sample.positionS
}
const near = (player: Player, wantedS: number, toleranceS: number): void => {
	const positionS = positionOf(player)
	claim(Math.abs(positionS - wantedS) <= toleranceS, `at ${positionS} instead of ${wantedS}`)
}
const until = async (stage: ContractStage, what: string, isTrue: () => boolean): Promise<void> => {
	for (let i = 0; i < 200; i++) {
		if (isTrue()) return
		await stage.wait(50)
	}
	throw new Error(`never: ${what}`)
}
const ready = async (stage: ContractStage): Promise<Player> => {
	const player = await stage.open()
	await until(stage, 'ready', () => player.state().type === 'ready')
	return player
}
const playing = async (stage: ContractStage): Promise<Player> => {
	const player = await ready(stage)
	const outcome = await player.play()
	claim(outcome === 'playing', `play() answered ${outcome}`)
	await until(stage, 'moving', () => positionOf(player) > 0.1)
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
			claim((player.facts().durationS ?? 0) >= 20, `length ${player.facts().durationS}`)
			claim(seen.includes('state') && seen.includes('facts'), `only ${seen.join(', ')} were told`)
			await stage.wait(300)
			near(player, 0, 0.01)
			player.dispose()
		},
	},
	{
		name: '[PL2] play moves it at the speed of the clock it samples by',
		async run(stage) {
			const player = await playing(stage)
			await stage.wait(500)
			const [a, aMs] = [positionOf(player), player.sample()?.atLocalMs ?? 0]
			await stage.wait(1_000)
			const [b, bMs] = [positionOf(player), player.sample()?.atLocalMs ?? 0]
			claim(Math.abs(b - a - (bMs - aMs) / 1000) <= stage.toleranceS, `${b - a} s in ${bMs - aMs} ms`)
			player.dispose()
		},
	},
	{
		name: '[PL3] pause stops it where it is',
		async run(stage) {
			const player = await playing(stage)
			player.pause()
			await stage.wait(100)
			const positionS = positionOf(player)
			await stage.wait(400)
			near(player, positionS, 0.001)
			claim(player.state().type === 'paused', `state ${player.state().type}`)
			player.dispose()
		},
	},
	{
		name: '[PL4] a seek while paused is exact, and while playing goes on from there',
		async run(stage) {
			const player = await ready(stage)
			player.seek(7.25)
			await until(stage, 'there', () => player.state().type === 'ready')
			near(player, 7.25, 0.001)
			await player.play()
			player.seek(12)
			await until(stage, 'there', () => player.state().type === 'playing')
			await stage.wait(500)
			claim(
				positionOf(player) > 12 && positionOf(player) < 12.5 + stage.toleranceS,
				`at ${positionOf(player)}`,
			)
			player.dispose()
		},
	},
	{
		name: '[PL5] a rate beside 1 is exact with the pitch let go',
		async run(stage) {
			const player = await playing(stage)
			player.setRate(1.05, false)
			await stage.wait(500)
			const [a, aMs] = [positionOf(player), player.sample()?.atLocalMs ?? 0]
			await stage.wait(2_000)
			const [b, bMs] = [positionOf(player), player.sample()?.atLocalMs ?? 0]
			const rate = ((b - a) * 1000) / (bMs - aMs)
			claim(Math.abs(rate - 1.05) < 0.01 + stage.toleranceS / 10, `rate ${rate}`)
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
			player.seek(5)
			await stage.wait(400)
			player.pause()
			await stage.wait(200)
			claim(intents === 0, `${intents} acts`)
			player.dispose()
		},
	},
	{
		name: '[PL7] it ends once, at its length, and says so',
		async run(stage) {
			const player = await ready(stage)
			let ends = 0
			player.on((event) => {
				if (event.type === 'state' && event.state.type === 'ended') ends += 1
			})
			const durationS = player.facts().durationS ?? 0
			player.seek(durationS - 1)
			await until(stage, 'there', () => player.state().type === 'ready')
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
		async run(stage) {
			const player = await ready(stage)
			player.seek(1e6)
			await stage.wait(500)
			claim(positionOf(player) <= (player.facts().durationS ?? 0) + 0.1, `at ${positionOf(player)}`)
			player.seek(-5)
			await until(stage, 'at the start', () => positionOf(player) === 0)
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
		},
	},
]

/** Runs all checks, one after the other; the names of those that failed, with why. */
export const runPlayerContract = async (stage: ContractStage): Promise<readonly string[]> => {
	const failed: string[] = []
	for (const check of PLAYER_CONTRACT) {
		try {
			await check.run(stage)
		} catch (error) {
			failed.push(`${check.name}: ${error instanceof Error ? error.message : String(error)}`)
		}
	}
	return failed
}
