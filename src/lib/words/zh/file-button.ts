import type { FileButtonWords } from '../file-button.ts'

export const fileButton: FileButtonWords = {
	choose: '选择文件',
	chooseHint: '从你的磁盘选择一部影片。不会上传：每个人播放自己的那一份',
	folder: '拖进来的只有文件夹。请拖入影片本身。',
	notFetched: '显示文件所需的部分没能加载。请检查网络连接。',
}
