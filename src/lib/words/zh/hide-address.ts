import type { HideAddressWords } from '../hide-address.ts'

export const hideAddress: HideAddressWords = {
	label: '隐藏我的地址',
	about: '别人只看得到服务器的地址。可能会慢一些。',
}
