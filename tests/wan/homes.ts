/**
 * A small internet on one machine: a public place with the servers, and homes that reach it through a router of their
 * own, each in a network namespace. What a router lets through is said when it is made, and can be changed. Nothing
 * leaves this machine. Root, Linux, `ip` and `nft` only.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * `symmetric`: each conversation leaves from a port of its own, picked at random, and nothing comes in unasked: no hole
 * can be punched. `open`: what comes in is brought to the one computer that is there.
 */
export type Router = 'symmetric' | 'open'

export interface Home {
	/** The home's computer, in its own network. */
	readonly address: string
	/** As everybody else sees it. */
	readonly publicAddress: string
	/** What runs a command at the home's computer. */
	readonly prefix: readonly string[]
	/** A path that starts `program` there. */
	executable(program: string): string
	/** From now on. Conversations that there are stay as they are. */
	setRouter(router: Router): void
}

export interface Homes {
	readonly serverAddress: string
	/** What runs a command at the public place. */
	readonly serverPrefix: readonly string[]
	readonly homes: readonly Home[]
	/** Idempotent. */
	close(): void
}

const PUBLIC_NET = '45.80.0'
const SERVER = `${PUBLIC_NET}.1`

/** Why none can be made here, or null. */
export const whyNoHomes = (): string | null => {
	if (process.platform !== 'linux') return 'Networks of their own for the browsers need Linux.'
	if (process.getuid?.() !== 0) return 'Networks of their own for the browsers need root.'
	if (spawnSync('ip', ['-V']).status !== 0)
		return 'Networks of their own for the browsers need `ip` (apt install iproute2).'
	if (spawnSync('nft', ['--version']).status !== 0)
		return 'Networks of their own for the browsers need `nft` (apt install nftables).'
	const name = `mtp${String(process.pid)}`
	const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
	if (made.status !== 0) return `No network namespaces can be made here: ${made.stderr.trim()}.`
	const veth = spawnSync('ip', ['-n', name, 'link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb'])
	spawnSync('ip', ['netns', 'del', name])
	return veth.status === 0 ? null : 'This kernel has no veth links.'
}

const run = (command: string, args: readonly string[], input = ''): void => {
	const { status, stderr } = spawnSync(command, args, { input, encoding: 'utf8' })
	if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
}
const ip = (line: string): void => run('ip', line.split(' '))

const rulesOf = (router: Router, home: string, publicAddress: string): string =>
	router === 'symmetric'
		? `flush ruleset
table ip home {
	chain out { type nat hook postrouting priority 100; oifname "wan" masquerade random,fully-random; }
	chain through {
		type filter hook forward priority 0; policy drop;
		iifname "lan" accept
		ct state established,related accept
	}
	chain in { type filter hook input priority 0; policy drop; iifname "lan" accept; }
}`
		: `flush ruleset
table ip home {
	chain in { type nat hook prerouting priority -100; iifname "wan" dnat to ${home}; }
	chain out { type nat hook postrouting priority 100; oifname "wan" snat to ${publicAddress}; }
}`

export interface HomesOptions {
	readonly count: number
	/** `none`: a cable to the server and nothing else, not even from there to the next home. */
	readonly router: Router | 'none'
}

export const openHomes = ({ count, router }: HomesOptions): Homes => {
	const why = whyNoHomes()
	if (why !== null) throw new Error(why)
	const tag = `mh${String(process.pid)}${router === 'none' ? 'n' : 'r'}`
	const made: string[] = []
	const scripts = mkdtempSync(join(tmpdir(), 'matinee-homes-'))
	let isClosed = false
	const close = () => {
		if (isClosed) return
		isClosed = true
		for (const name of made) spawnSync('ip', ['netns', 'del', name])
		rmSync(scripts, { recursive: true, force: true })
	}
	const place = (name: string): string => {
		ip(`netns add ${tag}${name}`)
		made.push(tag + name)
		ip(`-n ${tag}${name} link set lo up`)
		return tag + name
	}
	const cable = (from: string, device: string, to: string, other: string) => {
		ip(`-n ${from} link add ${device} type veth peer name ${other} netns ${to}`)
		ip(`-n ${from} link set ${device} up`)
		ip(`-n ${to} link set ${other} up`)
	}
	const forward = (name: string, isOn: boolean) =>
		run('ip', [
			...['netns', 'exec', name],
			...['sh', '-c', `echo ${isOn ? '1' : '0'} > /proc/sys/net/ipv4/ip_forward`],
		])

	const homeAt = (server: string, index: number): Home => {
		const home = place(`h${String(index)}`)
		const address = `192.168.${String(index + 1)}.2`
		const gateway = `192.168.${String(index + 1)}.1`
		const publicAddress = `${PUBLIC_NET}.${String(101 + index)}`
		const gate = router === 'none' ? server : place(`g${String(index)}`)
		const lan = router === 'none' ? `lan${String(index)}` : 'lan'
		cable(home, 'eth0', gate, lan)
		ip(`-n ${home} addr add ${address}/24 dev eth0`)
		ip(`-n ${gate} addr add ${gateway}/24 dev ${lan}`)
		ip(`-n ${home} route add default via ${gateway}`)
		const setRouter = (next: Router) =>
			run('ip', ['netns', 'exec', gate, 'nft', '-f', '-'], rulesOf(next, address, publicAddress))
		if (router !== 'none') {
			cable(gate, 'wan', server, `port${String(index)}`)
			ip(`-n ${server} link set port${String(index)} master bridge`)
			ip(`-n ${gate} addr add ${publicAddress}/24 dev wan`)
			forward(gate, true)
			setRouter(router)
		}
		return {
			address,
			publicAddress,
			setRouter,
			prefix: ['ip', 'netns', 'exec', home],
			executable: (program) => {
				const path = join(scripts, `${home}.sh`)
				writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${home} ${program} "$@"\n`)
				chmodSync(path, 0o755)
				return path
			},
		}
	}

	try {
		const server = place('s')
		forward(server, false)
		ip(`-n ${server} link add bridge type bridge`)
		ip(`-n ${server} link set bridge up`)
		ip(`-n ${server} addr add ${SERVER}/24 dev bridge`)
		const homes = Array.from({ length: count }, (_, index) => homeAt(server, index))
		return { serverAddress: SERVER, serverPrefix: ['ip', 'netns', 'exec', server], homes, close }
	} catch (error) {
		close()
		throw error
	}
}
