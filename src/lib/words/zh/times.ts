import type { TimesWords } from '../times.ts'

export const times: TimesWords = {
	spoken: (hours, minutes, seconds) =>
		[
			hours > 0 ? `${String(hours)}小时` : '',
			minutes > 0 ? `${String(minutes)}分` : '',
			seconds > 0 || hours + minutes === 0 ? `${String(seconds)}秒` : '',
		].join(''),
	seconds: (seconds) => `${String(seconds)}秒`,
	minutes: (minutes) => `${String(minutes)}分钟`,
	hoursMinutes: (hours, minutes) => `${String(hours)}小时${String(minutes)}分`,
	today: '今天',
	yesterday: '昨天',
	lastDay: (weekday) => weekday,
	amidst: { today: '今天', yesterday: '昨天', lastDay: (weekday) => weekday },
	date: ({ day, month, year }) =>
		`${year === null ? '' : `${String(year)}年`}${String(month)}月${String(day)}日`,
	dayAt: (day, time) => `${day} ${time}`,
	inStep: '同步',
	behind: (seconds) => `落后${seconds}秒`,
	ahead: (seconds) => `超前${seconds}秒`,
	inSeconds: (seconds) => `${String(seconds)}秒后`,
	inMinutes: (minutes) => `${String(minutes)}分钟后`,
	inHours: (hours) => `${String(hours)}小时后`,
}
