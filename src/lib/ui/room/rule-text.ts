/** The room's rules, by the names that its settings and the words for them have. */

/** Who may do a thing: everyone or only operators. */
export const AUDIENCE_RULES = ['control', 'add', 'reorder', 'chat'] as const

/** Seconds between two messages of one person. */
export const SLOW_STEPS_S = [0, 5, 10, 30, 60, 300] as const

/** What the room does by itself, on or off. */
export const SWITCH_RULES = ['waits', 'pausesOnLeave', 'fetchesTitles', 'keepsHistory'] as const
