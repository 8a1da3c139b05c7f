import type { TitlesWords } from '../titles.ts'

const KINDS: Readonly<Record<string, string>> = { video: '视频', recording: '录像', track: '曲目' }
const standIn = (text: string): string => {
	const onHost = /^A video on (\S+)$/.exec(text)?.[1]
	if (onHost !== undefined) return `${onHost}上的视频`
	const [, site = '', kind = ''] = /^A (\S+) (\S+)$/.exec(text) ?? []
	return `${site}${KINDS[kind] ?? '视频'}`
}

export const titles: TitlesWords = {
	withoutWithin: '没有标题的视频',
	without: '没有标题的视频',
	standIn,
	standInWithin: standIn,
}
