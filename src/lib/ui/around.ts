/** A whole sentence in three pieces, so that its subject can be set apart wherever a language puts it. */
export interface Around {
	readonly before: string
	readonly subject: string
	readonly after: string
}

/** A subject that the sentence does not hold stands behind it; null: there is none. */
export const around = (sentence: string, subject: string | null): Around => {
	if (subject === null) return { before: sentence, subject: '', after: '' }
	const at = sentence.indexOf(subject)
	if (at < 0) return { before: `${sentence} `, subject, after: '' }
	return { before: sentence.slice(0, at), subject, after: sentence.slice(at + subject.length) }
}
