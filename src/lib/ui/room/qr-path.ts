/** A QR code as one SVG path in module units: runs of dark modules, row by row. */
export const qrPath = async (text: string): Promise<{ size: number; path: string }> => {
	const { encode } = await import('uqr')
	const { data, size } = encode(text, { border: 0, ecc: 'M' })
	const runs = data.flatMap((row, y) => {
		const found: string[] = []
		for (let x = 0; x < size; x++) {
			if (!row[x]) continue
			const from = x
			while (row[x + 1]) x++
			const width = String(x - from + 1)
			found.push(`M${String(from)} ${String(y)}h${width}v1h-${width}z`)
		}
		return found
	})
	return { size, path: runs.join('') }
}
