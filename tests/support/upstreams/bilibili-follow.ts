/** The follow loop for the player page, as one script to be evaluated in it. */
import { bundleScript } from './bundle.ts'

export const followScript = (): Promise<string> => bundleScript('tests/support/upstreams/bilibili-room.ts')
