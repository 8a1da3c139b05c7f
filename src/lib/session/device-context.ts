/**
 * The one device of a page, opened at the first wish and handed to the routes through Svelte's context.
 */
import { createContext } from 'svelte'
import { openDevice, type Device } from './device.ts'
import type { HandOver } from './hand-over.ts'

export interface DeviceSource {
	/** The same promise each time; a refusal (no WebCrypto, say) is told to everybody who asks. */
	open(): Promise<Device>
}

export const [getDeviceSource, setDeviceSource] = createContext<DeviceSource>()
/** From the front page to the room, over a change of page. */
export const [getHandOver, setHandOver] = createContext<HandOver>()

export const createDeviceSource = (): DeviceSource => {
	let opened: Promise<Device> | null = null
	return { open: () => (opened ??= openDevice()) }
}
