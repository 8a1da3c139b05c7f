/**
 * In which order the parts of the room come onto the screen, for who shows them one after the other. Each has its place
 * beforehand: nothing moves when the next one comes.
 */

/** Of how many parts the screen must be, for one of its pieces to be there. The frame is the first. */
export const SHOWN_WITH = { head: 2, stage: 3, side: 4, chat: 5 } as const
export const ROOM_PARTS = 5
