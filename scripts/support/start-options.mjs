/**
 * What may stand behind `npm start --`.
 */
export const HELP = `npm start                  the whole app on http://localhost:8080
npm start -- --lan         the same over https for everybody on this network, with a certificate made here
npm start -- --help        this

PORT=3000 npm start        another port; docs/configuration.md lists what else can be set
`

/**
 * @param {readonly string[]} args
 * @returns {{ type: 'start', isLan: boolean } | { type: 'help' } | { type: 'problem', message: string }}
 */
export const readOptions = (args) => {
	if (args.some((arg) => arg === '--help' || arg === '-h')) return { type: 'help' }
	const unknown = args.find((arg) => arg !== '--lan')
	return unknown === undefined
		? { type: 'start', isLan: args.includes('--lan') }
		: { type: 'problem', message: `${unknown} is no option of this program; npm start -- --help lists them.` }
}
