import type { AccountAnswersWords } from '../account-answers.ts'

export const accountAnswers: AccountAnswersWords = {
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
