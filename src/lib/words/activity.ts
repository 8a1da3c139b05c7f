/** The list of who did what. The sentences themselves: `deeds`, `film-deeds`. */
import { subject } from './subject.ts'

const english = {
	activity: 'Activity',
	person: 'Person',
	kind: 'Kind',
	everyone: 'Everyone',
	allKinds: 'All kinds',
	counted: (name: string, count: number): string => `${name} (${String(count)})`,
	groups: {
		playback: 'Playback',
		queue: 'Queue',
		people: 'People and roles',
		settings: 'Settings',
		chat: 'Chat',
	},
	export: 'Export',
	exportHint: 'Export the signed log as a file',
	exported: 'The log is saved as a file.',
	ofAll: (found: number, all: number): string => `${String(found)} of ${String(all)} entries`,
	undoneBy: (who: string): string => `Undone by ${who}`,
	undo: 'Undo',
	showEach: (count: number): string => `Show all ${String(count)}`,
	showFewer: 'Show fewer',
	noneOfKind: 'Nothing of this kind',
	noneOfKindDetail: 'No entry is both of that person and of that kind.',
	showEverything: 'Show everything',
	nothing: 'Nothing has happened yet',
	nothingDetail: 'Who does what is listed here, with Undo.',
	showOlder: 'Show older',
}
export type ActivityWords = typeof english
export const activityWords = subject('activity', english)
