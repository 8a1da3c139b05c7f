/**
 * One-second pieces of the sample film (VP9 and Opus, which every browser here plays), stamped anew for any second, so
 * that sixteen of them make streams of any length without a seam in time. Made once, by
 * `ffmpeg -ss 20 -t 18 -i saltmarsh.mp4 -vf scale=320:180 -c:v libvpx-vp9 -b:v 90k -g 25 -keyint_min 25
 * -auto-alt-ref 0 -lag-in-frames 0 -c:a libopus -b:a 24k -ac 1 -f hls -hls_time 1 -hls_segment_type fmp4`, parts 1 to 16.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../source-files.ts'

const FOLDER = join(ROOT, 'tests/support/upstreams/media-film')
const FILES = 16
export const PART_S = 1
export const PART_CODECS = 'vp09.00.11.08,opus'

const read = (name: string): Buffer => readFileSync(join(FOLDER, name))
const files = Array.from({ length: FILES }, (_, i) => read(`${String(i).padStart(2, '0')}.m4s`))
/** Ticks a second of track 1 (picture) and 2 (sound), as in the init segment. */
const TIMESCALES = [12_800, 48_000] as const

const boxesIn = (bytes: Buffer, from: number, to: number): { name: string; at: number; end: number }[] => {
	const boxes = []
	for (let at = from; at + 8 <= to;) {
		const size = bytes.readUInt32BE(at)
		boxes.push({ name: bytes.toString('latin1', at + 4, at + 8), at, end: at + size })
		at += size
	}
	return boxes
}

export const initSegment = (): Buffer => read('init.mp4')

/** The part that begins `n` seconds after the beginning of the stream's own time. */
export const partAt = (n: number): Buffer => {
	const index = n % FILES
	const file = files[index]
	const moof = file && boxesIn(file, 0, file.length).find(({ name }) => name === 'moof')
	if (!moof) throw new Error(`no part ${String(n)}`)
	// What comes before repeats the times, and nobody asks for it.
	const bytes = Buffer.from(file.subarray(moof.at))
	const trafs = boxesIn(bytes, 8, moof.end - moof.at).filter(({ name }) => name === 'traf')
	for (const [track, traf] of trafs.entries()) {
		const tfdt = boxesIn(bytes, traf.at + 8, traf.end).find(({ name }) => name === 'tfdt')
		if (!tfdt) throw new Error('a part without a time')
		const shift = BigInt((n - index - 1) * (TIMESCALES[track] ?? 1))
		bytes.writeBigUInt64BE(bytes.readBigUInt64BE(tfdt.at + 12) + shift, tfdt.at + 12)
	}
	return bytes
}
