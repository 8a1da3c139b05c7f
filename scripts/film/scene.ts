/**
 * "The Four-Ten to Saltmarsh", drawn: one bay at the end of an afternoon, as a pure function of the frame number.
 * Runs in a page (2D canvas); everything is placed in a world of 1920 × 1080 with the horizon at 600.
 */
type Ctx = CanvasRenderingContext2D
type Rgb = readonly [number, number, number]

export const WIDTH = 854
export const HEIGHT = 480
export const FPS = 25
export const DURATION_S = 120
export const FRAMES = FPS * DURATION_S

const HORIZON = 600
const WORLD_W = 1920
const WORLD_H = 1080

/** Seeded, so that every run draws the same film (mulberry32). */
const seeded = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0
	let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const clamp = (x: number, low = 0, high = 1) => Math.min(high, Math.max(low, x))
const smooth = (from: number, to: number, x: number) => {
	const u = clamp((x - from) / (to - from))
	return u * u * (3 - 2 * u)
}
const lerp = (a: number, b: number, u: number) => a + (b - a) * u

/* ── Light: what colour everything has at a moment of the film ─────────────────────────────────────────── */

const hex = (text: string): Rgb => [
	parseInt(text.slice(1, 3), 16),
	parseInt(text.slice(3, 5), 16),
	parseInt(text.slice(5, 7), 16),
]
const mix = (a: Rgb, b: Rgb, u: number): Rgb => [
	lerp(a[0], b[0], u),
	lerp(a[1], b[1], u),
	lerp(a[2], b[2], u),
]
const css = (c: Rgb, alpha = 1) => `rgba(${c.map(Math.round).join(',')},${alpha.toFixed(3)})`

const NAMES = [
	'skyTop',
	'skyMid',
	'skyLow',
	'skyEdge',
	'seaTop',
	'seaMid',
	'seaLow',
	'hillFar',
	'hillNear',
	'stone',
	'headland',
	'train',
	'dark',
	'cloud',
	'glint',
] as const
type Light = Record<(typeof NAMES)[number], Rgb>

const light = (atS: number, colours: string): readonly [number, Light] => {
	const list = colours.split(' ').map(hex)
	return [atS, Object.fromEntries(NAMES.map((name, i) => [name, list[i]])) as Light]
}
const LIGHTS = [
	light(
		0,
		'#4f6a70 #9aa292 #e3bd88 #f3d3a0 #e4bd89 #a58f7a #2c3a3f #d0ab85 #b1907a #6d5a51 #5d4c45 #3a302e #1d1718 #f8e2b8 #ffe9bb',
	),
	light(
		38,
		'#46606c #8f9590 #e0a971 #f6c98c #e2ab74 #9a7c6c #28343c #c99670 #a47a66 #634f4a #52423f #352b2b #1a1516 #fbdcae #ffe0a6',
	),
	light(
		64,
		'#334561 #7d6d80 #d9835f #f7ac66 #d98b5f #7d5c62 #1f2936 #ad6f5f #875a5a #513f45 #41333a #2b2229 #161216 #f6b18a #ffcf8e',
	),
	light(
		82,
		'#22304d #54507a #a9627a #e58f6d #a86c70 #544660 #182133 #75506a #5c435c #3d3245 #2f2838 #221c28 #110f15 #c98a93 #ffc48a',
	),
	light(
		98,
		'#141d36 #2c335a #54496f #8a6278 #584f70 #2f3250 #0f1626 #3f3a58 #332f4a #272438 #1e1c2d #181622 #0c0b11 #5c5577 #ffd9a0',
	),
	light(
		114,
		'#0c1327 #1a2444 #2c335a #47466a #333a5c #1d2542 #0a101e #2a2d4a #23253d #1c1c2f #161726 #12121c #08080d #39406a #ffdda8',
	),
]
const lightAt = (t: number): Light => {
	const next = LIGHTS.findIndex(([at]) => at > t)
	if (next === -1) return LIGHTS[LIGHTS.length - 1]![1]
	const [fromS, from] = LIGHTS[next - 1]!
	const [toS, to] = LIGHTS[next]!
	const u = smooth(fromS, toS, t)
	return Object.fromEntries(NAMES.map((name) => [name, mix(from[name], to[name], u)])) as Light
}

/* ── What moves ───────────────────────────────────────────────────────────────────────────────────────── */

const SUN_X = 1236
const sunY = (t: number) => 418 + 2.75 * t
/** 1 with the sun well up, 0 once it is under. */
const sunUp = (t: number) => 1 - smooth(HORIZON - 60, HORIZON + 40, sunY(t))
const nightAt = (t: number) => smooth(76, 104, t)
const lampAt = (t: number) => {
	if (t < 84) return 0
	const flicker = t < 85.4 ? (Math.sin(t * 61) > 0.1 || t > 85 ? 1 : 0.15) : 1
	return flicker * smooth(84, 84.4, t)
}

interface Train {
	readonly fromS: number
	readonly toS: number
	readonly cars: number
}
const TRAINS: readonly Train[] = [
	{ fromS: 13, toS: 37, cars: 5 },
	{ fromS: 90, toS: 113, cars: 6 },
]
const CAR = 112
export const trainAt = (t: number): { readonly headX: number; readonly cars: number } | null => {
	const train = TRAINS.find(({ fromS, toS }) => t >= fromS && t <= toS)
	if (!train) return null
	const length = train.cars * CAR
	const u = (t - train.fromS) / (train.toS - train.fromS)
	return { headX: lerp(-40, 1010 + length + 60, u), cars: train.cars }
}

/* ── The parts of the picture, back to front ──────────────────────────────────────────────────────────── */

const random = seeded(410)
const STARS = Array.from({ length: 150 }, () => ({
	x: random() * WORLD_W,
	y: 20 + Math.pow(random(), 1.3) * 470,
	r: 0.9 + Math.pow(random(), 4) * 2,
	phase: random() * 6.28,
	onset: random(),
}))
const CLOUDS = [
	[250, 190, 640, 15, 0.32, 5],
	[520, 232, 420, 10, 0.34, 4],
	[1180, 150, 560, 15, 0.22, 6],
	[1420, 290, 520, 12, 0.42, 3.4],
	[980, 352, 380, 8, 0.5, 2.6],
	[60, 330, 420, 9, 0.35, 3],
	[1500, 420, 360, 7, 0.5, 2],
	[640, 446, 260, 5, 0.45, 2],
	[-380, 268, 460, 11, 0.36, 4.4],
	[-120, 410, 300, 6, 0.42, 2.2],
] as const
const GLINTS = Array.from({ length: 150 }, () => {
	const depth = Math.pow(random(), 1.7)
	return {
		depth,
		across: (random() + random() + random() - 1.5) / 1.5,
		w: (10 + 26 * random()) * (0.7 + 1.5 * depth),
		speed: 0.6 + 1.5 * random(),
		phase: random() * 6.28,
	}
})
const RIPPLES = Array.from({ length: 90 }, () => {
	const depth = Math.pow(random(), 1.4)
	return {
		x: random() * (WORLD_W + 300),
		depth,
		w: (36 + 60 * random()) * (0.7 + 1.4 * depth),
		isLight: random() < 0.5,
		drift: (3 + 9 * random()) * (0.4 + depth),
		phase: random() * 6.28,
	}
})
const REEDS = Array.from({ length: 84 }, () => ({
	x: random() * 545,
	h: 34 + 52 * random(),
	lean: -6 + 22 * random(),
	w: 2 + 1.6 * random(),
	phase: random() * 6.28,
}))
const BIRDS = [
	{ fromS: 5, y: 330, v: 46, n: 5, size: 11, x0: -120, dir: 1 },
	{ fromS: 40, y: 380, v: -30, n: 4, size: 8, x0: 1780, dir: -1 },
	{ fromS: 61, y: 300, v: 34, n: 7, size: 10, x0: 560, dir: 1 },
] as const

const sky = (c: Ctx, t: number, l: Light) => {
	const g = c.createLinearGradient(0, 0, 0, HORIZON)
	g.addColorStop(0, css(l.skyTop))
	g.addColorStop(0.44, css(l.skyMid))
	g.addColorStop(0.8, css(l.skyLow))
	g.addColorStop(1, css(l.skyEdge))
	c.fillStyle = g
	c.fillRect(-200, -300, WORLD_W + 400, HORIZON + 301)

	const night = nightAt(t)
	if (night > 0)
		for (const star of STARS) {
			const seen = smooth(star.onset * 0.75, star.onset * 0.75 + 0.25, night)
			if (seen === 0) continue
			const lowHaze = 1 - 0.75 * smooth(300, 500, star.y)
			const twinkle = 0.72 + 0.28 * Math.sin(t * (0.9 + star.onset) + star.phase)
			c.globalAlpha = seen * twinkle * lowHaze
			c.fillStyle = '#fdf4dd'
			c.beginPath()
			c.arc(star.x, star.y, star.r, 0, 7)
			c.fill()
		}
	c.globalAlpha = 1

	for (const [x, y, w, h, alpha, drift] of CLOUDS) {
		const left = x + drift * t * 1.4
		const g2 = c.createLinearGradient(0, y - h, 0, y + h)
		g2.addColorStop(0, css(l.cloud, alpha * 0.9))
		g2.addColorStop(1, css(l.cloud, alpha * (1 - 0.55 * night)))
		c.fillStyle = g2
		c.beginPath()
		c.moveTo(left, y)
		c.bezierCurveTo(left + w * 0.2, y - h * 1.4, left + w * 0.55, y - h * 1.6, left + w, y)
		c.bezierCurveTo(left + w * 0.7, y + h * 0.75, left + w * 0.3, y + h * 0.85, left, y)
		c.fill()
	}

	const moonUp = smooth(88, 112, t)
	if (moonUp > 0) {
		const x = 700
		const y = 190 - 26 * moonUp
		const halo = c.createRadialGradient(x, y, 0, x, y, 170)
		halo.addColorStop(0, `rgba(255,240,210,${0.2 * moonUp})`)
		halo.addColorStop(1, 'rgba(255,240,210,0)')
		c.fillStyle = halo
		c.fillRect(x - 170, y - 170, 340, 340)
		c.save()
		c.beginPath()
		c.rect(x - 60, y - 60, 120, 120)
		c.arc(x - 12, y - 7, 25, 0, 7)
		c.clip('evenodd')
		c.globalAlpha = moonUp
		c.fillStyle = '#fdf0d2'
		c.beginPath()
		c.arc(x, y, 27, 0, 7)
		c.fill()
		c.restore()
	}

	const y = sunY(t)
	const glowLeft = 1 - smooth(78, 104, t)
	if (glowLeft > 0) {
		const cy = Math.min(y, HORIZON + 10)
		const reach = 560
		const warm = smooth(30, 80, t)
		const g3 = c.createRadialGradient(SUN_X, cy, 0, SUN_X, cy, reach)
		const tint = mix([255, 230, 178], [255, 158, 92], warm)
		g3.addColorStop(0, css(mix([255, 243, 210], [255, 206, 138], warm), 0.92 * glowLeft))
		g3.addColorStop(0.16, css(tint, 0.52 * glowLeft))
		g3.addColorStop(0.5, css(tint, 0.17 * glowLeft))
		g3.addColorStop(1, css(tint, 0))
		c.fillStyle = g3
		c.fillRect(SUN_X - reach, -300, reach * 2, HORIZON + 300)
		if (y - 46 < HORIZON) {
			c.save()
			c.beginPath()
			c.rect(0, 0, WORLD_W, HORIZON)
			c.clip()
			c.fillStyle = css(mix([255, 248, 226], [255, 190, 118], warm))
			c.beginPath()
			c.arc(SUN_X, y, lerp(44, 50, warm), 0, 7)
			c.fill()
			c.restore()
		}
	}
}

const birds = (c: Ctx, t: number, l: Light) => {
	for (const flock of BIRDS) {
		const since = t - flock.fromS
		if (since < 0 || since > 50) continue
		c.strokeStyle = css(mix(l.dark, l.skyLow, 0.25), 0.85)
		c.lineWidth = 2.6
		c.lineCap = 'round'
		for (let i = 0; i < flock.n; i++) {
			const rank = Math.ceil(i / 2) * (i % 2 ? 1 : -1)
			const x = flock.x0 + flock.v * since - flock.dir * Math.abs(rank) * 42 + Math.sin(t * 0.7 + i) * 6
			const y = flock.y - since * 2.2 + rank * 17 + Math.sin(t * 0.9 + i * 2) * 5
			const glide = smooth(-0.2, 0.5, Math.sin(t * 0.8 + i * 1.7))
			const flap = Math.sin(t * 8.5 + i * 1.3) * (1 - 0.85 * glide)
			const s = flock.size
			c.beginPath()
			c.moveTo(x - s * 1.5, y - s * 0.55 * flap)
			c.quadraticCurveTo(x - s * 0.6, y - s * 0.5 - s * 0.3 * flap, x, y)
			c.quadraticCurveTo(x + s * 0.6, y - s * 0.5 - s * 0.3 * flap, x + s * 1.5, y - s * 0.55 * flap)
			c.stroke()
		}
	}
}

const ridge = (c: Ctx, from: number, to: number, height: (x: number) => number, fill: string) => {
	c.fillStyle = fill
	c.beginPath()
	c.moveTo(from, HORIZON)
	for (let x = from; x <= to; x += 12) c.lineTo(x, HORIZON - Math.max(0, height(x)))
	c.lineTo(to, HORIZON)
	c.fill()
}
const farHill = (x: number) =>
	3 +
	72 * Math.exp(-(((x - 60) / 420) ** 2)) +
	46 * Math.exp(-(((x - 2020) / 320) ** 2)) +
	5 * Math.sin(x / 74)
const nearHillLeft = (x: number) =>
	128 * Math.exp(-(((x + 40) / 330) ** 2)) +
	52 * Math.exp(-(((x - 420) / 260) ** 2)) +
	4 * Math.sin(x / 58) -
	2
const nearHillRight = (x: number) =>
	122 * smooth(1300, 2000, x) + 5 * Math.sin(x / 90) * smooth(1300, 1500, x)

const hills = (c: Ctx, t: number, l: Light) => {
	ridge(c, -200, 2120, farHill, css(l.hillFar, 0.8))
	ridge(c, -200, 980, nearHillLeft, css(l.hillNear, 0.92))
	ridge(c, 1300, 2120, nearHillRight, css(mix(l.hillFar, l.hillNear, 0.55), 0.95))

	// The lighthouse on the far point: a beam once it is dusk, one turn in five seconds.
	const x = 1700
	const y = HORIZON - nearHillRight(x)
	c.fillStyle = css(mix(l.hillNear, l.dark, 0.35))
	c.beginPath()
	c.moveTo(x - 7, y + 4)
	c.lineTo(x - 4.5, y - 44)
	c.lineTo(x + 4.5, y - 44)
	c.lineTo(x + 7, y + 4)
	c.fill()
	c.fillRect(x - 7, y - 47, 14, 4)
	c.fillRect(x - 4, y - 56, 8, 10)
	c.beginPath()
	c.moveTo(x - 6, y - 56)
	c.lineTo(x, y - 63)
	c.lineTo(x + 6, y - 56)
	c.fill()
	const lit = smooth(74, 80, t)
	if (lit > 0) {
		const turn = Math.cos((t * Math.PI * 2) / 5)
		const facing = Math.pow(clamp(Math.sin((t * Math.PI * 2) / 5)), 6)
		c.globalCompositeOperation = 'lighter'
		const beam = c.createLinearGradient(x, 0, x + turn * 430, 0)
		beam.addColorStop(0, `rgba(255,226,170,${0.26 * lit})`)
		beam.addColorStop(1, 'rgba(255,226,170,0)')
		c.fillStyle = beam
		c.beginPath()
		c.moveTo(x, y - 52)
		c.lineTo(x + turn * 430, y - 52 - 30)
		c.lineTo(x + turn * 430, y - 52 + 22)
		c.fill()
		const r = 26 + 60 * facing
		const g = c.createRadialGradient(x, y - 51, 0, x, y - 51, r)
		g.addColorStop(0, `rgba(255,236,190,${(0.55 + 0.45 * facing) * lit})`)
		g.addColorStop(1, 'rgba(255,226,170,0)')
		c.fillStyle = g
		c.fillRect(x - r, y - 51 - r, r * 2, r * 2)
		c.globalCompositeOperation = 'source-over'
	}
	// A few houses on the left shore light up one by one.
	for (let i = 0; i < 9; i++) {
		const on = smooth(78 + i * 2.1, 78.6 + i * 2.1, t)
		if (on === 0) continue
		c.fillStyle = `rgba(255,214,140,${0.85 * on})`
		c.fillRect(1560 + ((i * 83) % 330), HORIZON - 12 - ((i * 29) % 26), 4, 4)
	}
}

const sea = (c: Ctx, t: number, l: Light) => {
	const g = c.createLinearGradient(0, HORIZON, 0, WORLD_H)
	g.addColorStop(0, css(l.seaTop))
	g.addColorStop(0.3, css(l.seaMid))
	g.addColorStop(1, css(l.seaLow))
	c.fillStyle = g
	c.fillRect(-200, HORIZON, WORLD_W + 400, WORLD_H - HORIZON + 300)
	// The left shore lies on the water.
	c.fillStyle = css(mix(l.hillNear, l.seaLow, 0.3), 0.42)
	c.beginPath()
	c.moveTo(-200, HORIZON)
	c.lineTo(690, HORIZON)
	c.bezierCurveTo(440, HORIZON + 30, 210, HORIZON + 66, -200, HORIZON + 96)
	c.fill()

	for (const r of RIPPLES) {
		const y = HORIZON + 10 + r.depth * 470
		const x = ((r.x + r.drift * t) % (WORLD_W + 300)) - 150
		const breathe = 0.5 + 0.5 * Math.sin(t * 0.55 + r.phase)
		c.fillStyle = css(r.isLight ? l.skyEdge : l.seaLow, (0.1 + 0.15 * breathe) * (r.isLight ? 0.8 : 1))
		c.fillRect(x, y, r.w, 1.5 + 2.4 * r.depth)
	}

	const strength = lerp(0.9, 0.25, smooth(70, 92, t)) * (1 - 0.75 * smooth(92, 106, t))
	for (const q of GLINTS) {
		const y = HORIZON + 6 + q.depth * 360
		const spread = 44 + 230 * q.depth
		const sparkle = Math.pow(0.5 + 0.5 * Math.sin(t * q.speed * 1.5 + q.phase), 1.6)
		const alpha = strength * sparkle * (0.85 - 0.55 * q.depth) * (1 - 0.4 * Math.abs(q.across))
		if (alpha < 0.02) continue
		c.fillStyle = css(l.glint, alpha)
		const w = q.w * (0.7 + 0.3 * sparkle)
		const x = SUN_X + q.across * spread - w / 2 + Math.sin(t * 0.4 + q.phase) * 5
		c.beginPath()
		c.roundRect(x, y, w, 2 + 3.6 * q.depth, 2)
		c.fill()
	}
}

const boat = (c: Ctx, t: number, l: Light) => {
	const x = 1560 - 4.6 * t
	const y = HORIZON + 24
	const rock = Math.sin(t * 1.1) * 0.025
	c.save()
	c.translate(x, y + Math.sin(t * 0.9) * 1.4)
	c.rotate(rock)
	c.fillStyle = css(mix(l.headland, l.dark, 0.5))
	c.beginPath()
	c.moveTo(-26, 0)
	c.lineTo(26, 0)
	c.quadraticCurveTo(20, 10, 12, 10)
	c.lineTo(-16, 10)
	c.quadraticCurveTo(-24, 8, -26, 0)
	c.fill()
	c.fillRect(-1, -64, 2, 64)
	c.fillStyle = css(mix(mix(l.cloud, l.skyEdge, 0.4), l.dark, 0.12))
	c.beginPath()
	c.moveTo(-3, -62)
	c.quadraticCurveTo(-26, -26, -24, -5)
	c.lineTo(-3, -5)
	c.fill()
	c.fillStyle = css(mix(mix(l.cloud, l.skyEdge, 0.4), l.dark, 0.3))
	c.beginPath()
	c.moveTo(3, -58)
	c.quadraticCurveTo(18, -26, 22, -5)
	c.lineTo(3, -5)
	c.fill()
	c.restore()
	c.fillStyle = css(l.dark, 0.2)
	for (let i = 0; i < 5; i++)
		c.fillRect(x - 22 + Math.sin(t * 1.3 + i * 1.4) * 4, y + 13 + i * 7, 42 - i * 6, 2.4)
	const lit = smooth(82, 86, t)
	if (lit > 0) {
		c.fillStyle = `rgba(255,214,150,${0.95 * lit})`
		c.beginPath()
		c.arc(x, y - 66, 3, 0, 7)
		c.fill()
	}
}

const DECK = 479
/** One coach or, at the front, the engine; drawn with its left end at x. */
const coach = (c: Ctx, x: number, i: number, isEngine: boolean, glow: number, l: Light) => {
	c.fillStyle = css(l.train)
	c.beginPath()
	if (isEngine) {
		c.moveTo(x, DECK)
		c.lineTo(x, DECK - 31)
		c.quadraticCurveTo(x, DECK - 37, x + 6, DECK - 37)
		c.lineTo(x + 70, DECK - 37)
		c.quadraticCurveTo(x + 94, DECK - 35, x + 102, DECK)
	} else {
		c.roundRect(x, DECK - 37, 106, 40, [8, 8, 0, 0])
	}
	c.fill()
	c.fillRect(x - 5, DECK - 7, 8, 4)
	const pane = (px: number, w: number, h: number, alpha: number) => {
		c.fillStyle = `rgba(255,${223 - 10 * glow},${156 - 20 * glow},${clamp(alpha + 0.2 * glow)})`
		c.beginPath()
		c.roundRect(px, DECK - 27, w, h, 1.5)
		c.fill()
	}
	if (isEngine) pane(x + 62, 17, 11, 0.95)
	else
		for (let k = 0; k < 5; k++)
			pane(x + 10 + 18.5 * k, 12.5, 12.5, [0.95, 0.75, 0.9, 0.55, 0.92][(k + i * 2) % 5]!)
}

const viaduct = (c: Ctx, t: number, l: Light) => {
	const train = trainAt(t)
	const glow = smooth(60, 96, t)
	// Reflections first: piers, and the lit windows as long strokes on the water.
	for (let x = -52; x < 900; x += 106) {
		c.fillStyle = css(l.headland, 0.26)
		for (let k = 0; k < 7; k++)
			c.fillRect(x + Math.sin(t * 1.1 + k * 1.1 + x) * (1 + k * 0.7), HORIZON + 6 + k * 13, 24, 12)
	}
	if (train) {
		c.globalCompositeOperation = 'lighter'
		for (let i = 0; i < train.cars; i++) {
			const x = train.headX - (i + 1) * CAR
			for (let k = 0; k < 5; k++) {
				const px = x + 10 + 18.5 * k
				if (px < -40 || px > 930) continue
				for (let m = 0; m < 9; m++) {
					const wob = Math.sin(t * 1.7 + m * 1.3 + k) * (1 + m * 0.6)
					c.fillStyle = `rgba(255,196,120,${(0.05 + 0.2 * glow) * (1 - m / 9.5) * (0.75 + 0.25 * Math.sin(t * 2.3 + m * 2 + px))})`
					c.fillRect(px + wob, HORIZON + 104 + m * 9, 12 + m * 0.6, 6)
				}
			}
		}
		c.globalCompositeOperation = 'source-over'
		// The line runs into a tunnel behind the headland.
		c.save()
		c.beginPath()
		c.rect(-300, 0, 1290, 700)
		c.clip()
		for (let i = 0; i < train.cars; i++)
			coach(c, train.headX - (i + 1) * CAR + (i === 0 ? 4 : 0), i, i === 0, glow, l)
		if (glow > 0.2 && train.headX < 1000) {
			const beam = c.createLinearGradient(train.headX, 0, train.headX + 190, 0)
			beam.addColorStop(0, `rgba(255,232,180,${0.5 * glow})`)
			beam.addColorStop(1, 'rgba(255,232,180,0)')
			c.globalCompositeOperation = 'lighter'
			c.fillStyle = beam
			c.beginPath()
			c.moveTo(train.headX - 12, DECK - 16)
			c.lineTo(train.headX + 190, DECK - 40)
			c.lineTo(train.headX + 190, DECK)
			c.lineTo(train.headX - 12, DECK - 10)
			c.fill()
			c.globalCompositeOperation = 'source-over'
		}
		c.restore()
	}
	c.fillStyle = css(l.stone)
	c.beginPath()
	c.rect(-210, DECK + 7, 1222, HORIZON + 8 - DECK - 7)
	for (let x = -240; x < 900; x += 106) {
		c.moveTo(x + 106, HORIZON + 8)
		c.lineTo(x + 106, DECK + 69)
		c.arc(x + 65, DECK + 69, 41, 0, Math.PI, true)
		c.lineTo(x + 24, HORIZON + 8)
		c.closePath()
	}
	c.fill('evenodd')
	c.fillStyle = css(l.headland)
	c.fillRect(-210, DECK, 1212, 8)
	// A string of light along the top edge from the low sun.
	c.fillStyle = css(l.glint, 0.35 * sunUp(t))
	c.fillRect(-210, DECK - 1, 1212, 1.6)

	c.fillStyle = css(l.headland)
	c.fill(
		new Path2D(
			'M928 608 C944 560 946 462 974 436 C1006 408 1056 424 1096 468 C1140 518 1180 584 1272 608 Z M984 440 C986 414 989 398 992 390 C996 400 999 416 1000 440 Z M1004 430 C1006 398 1010 380 1013 370 C1018 382 1022 400 1023 430 Z M1026 434 C1028 410 1031 394 1035 386 C1039 396 1042 412 1043 436 Z M1056 446 C1058 428 1061 418 1064 412 C1067 420 1070 430 1071 452 Z M1108 492 C1110 478 1112 470 1115 464 C1118 472 1120 480 1121 500 Z',
		),
	)
}

const BODY = 'M-13 0 C-15 -22 -14 -40 -8 -46 C-3 -51 8 -50 12 -44 C17 -34 17 -14 16 0Z'
const NECK = 'M-9 -46 C-6 -53 8 -53 11 -46Z'
const CAP = 'M-9.5 -64 C-9 -79 10 -80 12 -66 L23 -62.5 L12 -61.5 Z'
const BOB =
	'M-11 -62 C-13 -80 12 -81 12 -62 C13 -52 11 -46 9 -44 C6 -50 -6 -50 -8 -44 C-11 -48 -11 -54 -11 -62Z'
const THIGH = 'M-12 -8 H14 C26 -9 31 -4 31 2 L22 8 L-12 6Z'
const SHIN = 'M-5 -3 L5 -3 L4 34 L12 36 L11 40 L-3 40 Z'
const ARM = 'M14 -36 C22 -24 24 -14 26 -6 L21 -4 C18 -14 14 -22 9 -28Z'

interface Pose {
	readonly lean: number
	readonly nod: number
	readonly turn: number
	readonly swing: number
	readonly swing2: number
}
const person = (c: Ctx, head: string, pose: Pose) => {
	for (const [knee, swing] of [
		[22, pose.swing2],
		[27, pose.swing],
	] as const) {
		c.save()
		c.translate(knee, 1)
		c.rotate(swing)
		c.fill(new Path2D(SHIN))
		c.restore()
	}
	c.fill(new Path2D(THIGH))
	c.save()
	c.rotate(pose.lean)
	c.fill(new Path2D(BODY))
	c.fill(new Path2D(NECK))
	c.fill(new Path2D(ARM))
	c.translate(1, -50)
	c.rotate(pose.nod)
	c.scale(pose.turn, 1)
	c.translate(-1, 50)
	c.beginPath()
	c.ellipse(1, -63, 10, 12, 0, 0, 7)
	c.fill()
	c.fill(new Path2D(head))
	c.restore()
}

const jetty = (c: Ctx, t: number, l: Light) => {
	const wood = c.createLinearGradient(0, 740, 0, 860)
	wood.addColorStop(0, css(mix(l.dark, [42, 39, 39], 0.6)))
	wood.addColorStop(1, css(mix(l.dark, [10, 9, 9], 0.5)))
	const posts = [
		[1052, 752, 9, 70, 49],
		[1150, 757, 10, 86, 60],
		[1266, 764, 12, 104, 73],
		[1404, 772, 14, 128, 90],
		[1568, 782, 17, 170, 119],
		[1764, 796, 21, 214, 150],
	] as const
	for (const [x, y, w, h, shade] of posts) {
		c.fillStyle = css(l.dark, 0.34)
		for (let k = 0; k < 6; k++)
			c.fillRect(
				x - 2 + Math.sin(t * 1.2 + k * 1.2 + x) * (0.8 + k * 0.6),
				y + h + (k * shade) / 6,
				w + 4,
				shade / 6 - 1.5,
			)
		c.fillStyle = css(l.dark)
		c.fillRect(x, y, w, h)
	}
	c.fillStyle = wood
	c.fill(new Path2D('M2160 802 L1040 744 L1040 760 L2160 860Z'))
	const lamp = lampAt(t)
	const rim = mix(mix(l.skyLow, l.dark, 0.45), [255, 205, 130], 0.35 * lamp)
	c.fillStyle = css(rim, 0.85)
	c.fill(new Path2D('M2160 802 L1040 744 L1040 747 L2160 810Z'))

	// Two people; they watch the train, then one another, then the dark.
	const watch = smooth(14, 16, t) * (1 - smooth(36, 38, t))
	const close = smooth(96, 101, t)
	const talk = smooth(42, 43, t) * (1 - smooth(52, 53.4, t))
	c.fillStyle = css(l.dark)
	c.save()
	c.translate(2252, 0)
	c.scale(-1, 1)
	c.translate(1128, 754)
	c.scale(1.12, 1.12)
	person(c, CAP, {
		lean: 0.02 * Math.sin(t * 0.9) - 0.02 * close,
		nod: -0.05 * watch + 0.04 * Math.sin(t * 0.53) + 0.07 * talk * Math.sin(t * 3.1),
		turn: 1 - 2 * smooth(0.4, 0.6, talk * 1),
		swing: 0.13 + 0.22 * Math.sin(t * 1.55),
		swing2: 0.05 + 0.2 * Math.sin(t * 1.55 + 2),
	})
	c.restore()
	c.save()
	c.translate(2252 - 1060, 753)
	c.scale(-1.06, 1.06)
	c.translate(3 * close, 0)
	person(c, BOB, {
		lean: 0.018 * Math.sin(t * 0.8 + 1) + 0.15 * close,
		nod: -0.06 * watch + 0.05 * Math.sin(t * 0.47 + 2) + 0.2 * close,
		turn: 1,
		swing: 0.1 + 0.3 * Math.sin(t * 1.9 + 1) * (1 - 0.7 * close),
		swing2: 0.02 + 0.26 * Math.sin(t * 1.9 + 3.4) * (1 - 0.7 * close),
	})
	c.restore()
	c.fillStyle = css(l.dark)
	c.fill(new Path2D('M1156 752 v-20 h9 v20Z M1157 729 h7 v-4 h-7Z'))
	c.fill(new Path2D('M1258 762 c-2 -24 6 -30 20 -30 c15 0 22 8 20 32Z'))
	c.strokeStyle = css(l.dark)
	c.lineWidth = 3
	c.stroke(new Path2D('M1270 734 c2 -12 14 -12 17 0'))

	// The lamp.
	c.lineWidth = 6
	c.lineCap = 'butt'
	c.stroke(new Path2D('M1622 788 V558 c0 -22 -30 -22 -32 -4'))
	c.fill(new Path2D('M1578 556 h24 l4 10 h-32Z'))
	c.fillStyle = css(mix(mix(l.skyEdge, l.dark, 0.4), [255, 240, 204], lamp))
	c.beginPath()
	c.ellipse(1590, 568, 9, 4, 0, 0, 7)
	c.fill()
	if (lamp > 0) {
		c.globalCompositeOperation = 'lighter'
		const cone = c.createLinearGradient(0, 566, 0, 800)
		cone.addColorStop(0, `rgba(255,214,140,${0.3 * lamp})`)
		cone.addColorStop(1, 'rgba(255,200,120,0.02)')
		c.fillStyle = cone
		c.beginPath()
		c.moveTo(1581, 569)
		c.lineTo(1599, 569)
		c.lineTo(1720, 793)
		c.lineTo(1440, 779)
		c.fill()
		const halo = c.createRadialGradient(1590, 570, 0, 1590, 570, 190)
		halo.addColorStop(0, `rgba(255,222,150,${0.62 * lamp})`)
		halo.addColorStop(0.25, `rgba(255,206,130,${0.2 * lamp})`)
		halo.addColorStop(1, 'rgba(255,200,120,0)')
		c.fillStyle = halo
		c.fillRect(1400, 380, 380, 380)
		c.fillStyle = `rgba(255,206,130,${0.2 * lamp})`
		c.beginPath()
		c.ellipse(1585, 783, 130, 8, 0.06, 0, 7)
		c.fill()
		for (let k = 0; k < 12; k++) {
			c.fillStyle = `rgba(255,200,120,${(0.26 - k * 0.018) * lamp})`
			c.fillRect(1590 - 13 - k * 1.5 + Math.sin(t * 1.6 + k * 1.7) * (4 + k), 886 + k * 13, 26 + k * 3, 4.5)
		}
		c.globalCompositeOperation = 'source-over'
	}
}

const reeds = (c: Ctx, t: number, l: Light) => {
	const bank = (x: number) => 836 + 0.00052 * Math.max(0, x - 40) ** 2 + 8 * Math.sin(x / 90)
	c.fillStyle = css(l.dark)
	c.beginPath()
	c.moveTo(-200, 1400)
	for (let x = -200; x <= 760; x += 16) c.lineTo(x, bank(x))
	c.lineTo(760, 1400)
	c.fill()
	c.strokeStyle = css(l.dark)
	c.lineCap = 'round'
	for (const reed of REEDS) {
		const sway = Math.sin(t * 0.9 + reed.phase + reed.x / 120) * reed.h * 0.11
		const y = bank(reed.x) + 6
		c.lineWidth = reed.w
		c.beginPath()
		c.moveTo(reed.x, y)
		c.quadraticCurveTo(reed.x + 1, y - reed.h * 0.7, reed.x + reed.lean + sway, y - reed.h * 1.25)
		c.stroke()
		if (reed.w > 3) {
			c.lineWidth = 6.5
			c.beginPath()
			c.moveTo(reed.x + (reed.lean + sway) * 0.72, y - reed.h * 1.02)
			c.lineTo(reed.x + reed.lean + sway, y - reed.h * 1.25)
			c.stroke()
		}
	}
}

/* ── The camera: four framings of the one world, joined by dissolves ──────────────────────────────────── */

interface Shot {
	readonly fromS: number
	readonly toS: number
	/** World x, y of the picture's centre and how near we stand, at the start and the end of the shot. */
	readonly from: readonly [number, number, number]
	readonly to: readonly [number, number, number]
}
const SHOTS: readonly Shot[] = [
	{ fromS: 0, toS: 40, from: [960, 440, 1.12], to: [960, 548, 1.015] },
	{ fromS: 40, toS: 60, from: [1190, 712, 2.5], to: [1176, 706, 2.72] },
	{ fromS: 60, toS: 80, from: [1090, 540, 1.62], to: [1150, 548, 1.72] },
	{ fromS: 80, toS: 120, from: [990, 566, 1.07], to: [966, 534, 1.0] },
]
const DISSOLVE_S = 1.2

const world = (c: Ctx, t: number, shot: Shot) => {
	// The first shot tilts down and then holds; the others creep all the way.
	const u = smooth(0, 1, clamp((t - shot.fromS) / ((shot.fromS === 0 ? 12 : shot.toS) - shot.fromS)))
	const zoom = (WIDTH / WORLD_W) * lerp(shot.from[2], shot.to[2], u)
	c.setTransform(zoom, 0, 0, zoom, 0, 0)
	c.translate(
		WIDTH / 2 / zoom - lerp(shot.from[0], shot.to[0], u),
		HEIGHT / 2 / zoom - lerp(shot.from[1], shot.to[1], u),
	)
	const l = lightAt(t)
	sky(c, t, l)
	birds(c, t, l)
	hills(c, t, l)
	sea(c, t, l)
	boat(c, t, l)
	viaduct(c, t, l)
	jetty(c, t, l)
	reeds(c, t, l)
}

const caption = (
	c: Ctx,
	text: string,
	y: number,
	size: number,
	alpha: number,
	spacing: string,
	family: string,
) => {
	if (alpha <= 0) return
	c.globalAlpha = alpha
	c.font = `${size}px ${family}`
	c.letterSpacing = spacing
	c.textAlign = 'center'
	c.fillStyle = '#fff4dc'
	c.shadowColor = 'rgba(20,14,12,.55)'
	c.shadowBlur = 14
	c.fillText(text, WIDTH / 2, y)
	c.shadowBlur = 0
	c.letterSpacing = '0px'
	c.globalAlpha = 1
}

/**
 * Minutes, seconds and frame number, and under them the frame number once more for machines: 12 cells, the highest
 * bit first, light = 1 (left edge x = 22 + 15·i, y = 53 … 59, sample the centre).
 */
const timecode = (c: Ctx, frame: number) => {
	const s = Math.floor(frame / FPS)
	const two = (n: number) => String(n).padStart(2, '0')
	c.fillStyle = 'rgba(12,10,12,.58)'
	c.beginPath()
	c.roundRect(14, 14, 194, 52, 9)
	c.fill()
	c.font = '600 26px "DejaVu Sans Mono", monospace'
	c.textAlign = 'left'
	c.fillStyle = '#ffedc4'
	c.fillText(`${two(Math.floor(s / 60))}:${two(s % 60)}`, 23, 44)
	c.fillStyle = '#f2c66d'
	c.fillText(String(frame).padStart(4, '0'), 133, 44)
	for (let i = 0; i < 12; i++) {
		c.fillStyle = (frame >> (11 - i)) & 1 ? '#ffedc4' : '#3a3230'
		c.fillRect(22 + 15 * i, 53, 12, 7)
	}
}

/** Draws frame `frame` (0 … FRAMES − 1) into a canvas of WIDTH × HEIGHT; `spare` is another of the same size. */
export const drawFrame = (c: Ctx, spare: Ctx, frame: number): void => {
	const t = frame / FPS
	const index = SHOTS.findIndex((shot) => t < shot.toS)
	const shot = SHOTS[index]!
	world(c, t, shot)
	const next = SHOTS[index + 1]
	if (next && t > next.fromS - DISSOLVE_S) {
		world(spare, t, next)
		c.setTransform(1, 0, 0, 1, 0, 0)
		c.globalAlpha = smooth(next.fromS - DISSOLVE_S, next.fromS, t)
		c.drawImage(spare.canvas, 0, 0)
		c.globalAlpha = 1
	}
	c.setTransform(1, 0, 0, 1, 0, 0)
	const edge = c.createRadialGradient(
		WIDTH / 2,
		HEIGHT / 2,
		HEIGHT * 0.55,
		WIDTH / 2,
		HEIGHT / 2,
		WIDTH * 0.66,
	)
	edge.addColorStop(0, 'rgba(8,6,10,0)')
	edge.addColorStop(1, 'rgba(8,6,10,.34)')
	c.fillStyle = edge
	c.fillRect(0, 0, WIDTH, HEIGHT)

	const black = Math.max(1 - smooth(0, 2.2, t), smooth(117, 119.6, t))
	c.fillStyle = `rgba(8,6,8,${black})`
	c.fillRect(0, 0, WIDTH, HEIGHT)
	const serif = 'Georgia, "DejaVu Serif", serif'
	const title = smooth(2.2, 3.8, t) * (1 - smooth(8.4, 9.8, t))
	caption(c, 'The Four-Ten to Saltmarsh', 138, 42, title, '0.5px', serif)
	caption(c, 'A SMALL FILM IN ONE EVENING', 172, 13, title * 0.85, '4px', '"DejaVu Sans", sans-serif')
	const end = smooth(112.6, 114, t) * (1 - smooth(118.4, 119.4, t))
	caption(c, 'They stayed for the next one.', 146, 30, end, '0.5px', serif)
	timecode(c, frame)
}
