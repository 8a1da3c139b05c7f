/**
 * What the follow loop costs: the share of one core, by the browser's own profiler, of everything that runs below the
 * loop's timers (its reading of the player included).
 */
import type { Person } from '../../tests/support/person.ts'
import { measurePart } from '../profile.ts'

const TASK = 'rigFollowTask'
const SAMPLE_US = 200

export const measureFollowCpu = async ({ page }: Person, forMs: number): Promise<number> => {
	const isTask = ({ functionName }: { functionName: string }) => functionName === TASK
	const { insideUs, wholeUs, wasSeen } = await measurePart(page, forMs, SAMPLE_US, isTask)
	if (!wasSeen) throw new Error('the profile does not show the follow loop')
	return (insideUs / wholeUs) * 100
}
