import type { EmojiWords } from '../emoji.ts'

export const emoji: EmojiWords = {
	picker: '表情',
	search: '搜索表情',
	searchHint: '搜索，例如：笑',
	recent: '最近使用',
	faces: '表情',
	gestures: '手势和人物',
	hearts: '爱心和符号',
	animals: '动物和自然',
	food: '食物和饮料',
	film: '影音和娱乐',
	places: '地点和物品',
	found: (count) => `${String(count)}个表情`,
	none: (typed) => `没有与“${typed}”相关的表情`,
	people: '可以提到的人',
	names: '按名称找表情',
	choices: (count) => `${String(count)}个建议，方向键选择，Enter确认`,
}
