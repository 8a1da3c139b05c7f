/**
 * The link of a room that was just started: on the clipboard before anybody asks, where the browser lets us. By itself,
 * because the other commands can wait until one of them is wanted.
 */
import { linkToastsWords } from '#lib/words/link-toasts.ts'
import type { Toaster } from './toaster.ts'

export interface OfferLinkDeps {
	/** The room's whole link. */
	readonly link: string
	/** Answers whether the browser let us. */
	readonly copy: () => Promise<boolean>
	readonly toaster: Pick<Toaster, 'show'>
}

export const offerLink = async ({ link, copy, toaster }: OfferLinkDeps): Promise<void> => {
	const didCopy = await copy()
	const words = linkToastsWords()
	toaster.show({
		id: 'link',
		text: didCopy ? words.copied : words.notCopied(link),
		subject: didCopy ? null : link,
		action: didCopy ? null : { label: words.copy, kind: 'copy' },
		tone: 'plain',
	})
}
