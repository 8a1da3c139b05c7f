/** How many messages wait, before the page's title: "(3) Sunday matinee", with a mark where one is for the reader. */
const COUNT = /^\((?:@ )?\d{1,2}\+?\)(?: |$)/

export const plainTitle = (title: string): string => title.replace(COUNT, '')

export const countedTitle = (title: string, count: number, isForMe: boolean): string =>
	`(${isForMe ? '@ ' : ''}${count > 99 ? '99+' : String(count)}) ${plainTitle(title)}`
