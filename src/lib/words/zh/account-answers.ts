import type { AccountAnswersWords } from '../account-answers.ts'

/** The server's own words are English; by its names for faults they are said here. */
const OF_SERVER = new Map([
	['username-taken', '这个用户名已经有人用了，换一个吧。'],
	['weak-password', '这个密码太容易猜到或太短了。至少8个字符，换一个长一些、少见一些的。'],
	['wrong-password', '密码或用户名不对。'],
	['bad-picture', '这张图片用不了：要 JPEG、PNG 或 WebP，也不能太大。'],
	['bad-request', '这里填的内容服务器不接受。名字最多32个字符，用户名只用同一种文字的字母、数字和 . _ -。'],
	['not-offered', '这台服务器没有开这项功能。'],
	['unavailable', '服务器现在做不到。过一分钟再试。'],
	['internal', '服务器出了故障。过一分钟再试，不行就告诉运营服务器的人。'],
])

export const accountAnswers: AccountAnswersWords = {
	ofServer: (error, message) => OF_SERVER.get(error) ?? message,
	unreachable: '服务器没有回应。你输入的内容还在这里，过一分钟再试。',
	unexpected: (status) => `回应的不是这台服务器（状态 ${String(status)}）。过一分钟再试。`,
	tooMany: (when) => `试得太多了。${when}再试。`,
	signedOut: '你在这台设备上已退出登录。请重新登录。',
	doorClosed: '这台服务器又要进门密码了。',
	provider: {
		refused: '你回来了，但没有登录成功。',
		expired: '那次登录花的时间太长，或者是在别处开始的。重新登录一次。',
		reused: '那次登录已经用过了。重新登录一次。',
		down: '另一项服务没有回应。过一分钟再试，或者换一种方式登录。',
		nonsense: '另一项服务的回答不合规矩，所以没有人登录。请告诉运营服务器的人。',
		notOffered: '这里没有开这种登录方式。',
		unavailable: '服务器现在读不到账号。过一分钟再试。',
		other: '用另一项服务登录没有成功。再试一次，或者换一种方式登录。',
	},
}
