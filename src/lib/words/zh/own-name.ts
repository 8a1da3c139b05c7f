import type { OwnNameWords } from '../own-name.ts'

export const ownName: OwnNameWords = {
	noName: (most) => `名字要有看得见的字符，最多 ${String(most)} 个。`,
	serverAway: '这个名字由服务器保存，而服务器暂时不在。请一分钟后再试。',
	noPicture: '这个浏览器无法把该文件读作图片。PNG、JPEG 和 WebP 可以。',
}
