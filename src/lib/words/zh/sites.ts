import type { SitesWords } from '../sites.ts'

export const sites: SitesWords = {
	aLink: '一个链接',
	ownCopy: '各自的文件',
}
