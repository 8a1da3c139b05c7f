/**
 * A page's elements as they are: a form or the document answers with its own fields where they are named like what is
 * asked of it (`<input name="matches">`), to our world too. So everything is asked by the browser's own functions.
 */

/** What reads `name` of one of these, whatever its page has put in its place. */
const reader = <Of extends object, Name extends keyof Of & string>(
	owner: { readonly prototype: Of },
	name: Name,
): ((one: Of) => Of[Name]) => {
	const read = Object.getOwnPropertyDescriptor(owner.prototype, name)?.get
	return (one) => (read === undefined ? one[name] : (read.call(one) as Of[Name]))
}

const parentElement = reader(Node, 'parentElement')
const shadowRoot = reader(Element, 'shadowRoot')
const title = reader(Document, 'title')
const visibility = reader(Document, 'visibilityState')
const isConnected = reader(Node, 'isConnected')

/** The document or a shadow root: neither is ever a form. */
export type Root = Document | ShadowRoot

export const allIn = <E extends Element = Element>(root: Root, selector: string): NodeListOf<E> =>
	root.nodeType === Node.DOCUMENT_NODE
		? (Document.prototype.querySelectorAll.call(root, selector) as NodeListOf<E>)
		: (DocumentFragment.prototype.querySelectorAll.call(root, selector) as NodeListOf<E>)
export const allWithin = (element: Element, selector: string): NodeListOf<Element> =>
	Element.prototype.querySelectorAll.call(element, selector)
export const doesMatch = (element: Element, selector: string): boolean =>
	Element.prototype.matches.call(element, selector)
export const attributeOf = (element: Element, name: string): string =>
	Element.prototype.getAttribute.call(element, name) ?? ''
export const shadowOf = (element: Element): ShadowRoot | null => shadowRoot(element)
export const isInPage = (node: Node): boolean => isConnected(node)

/** The parent, out of a shadow root too. */
export const parentOf = (element: Element): Element | null => {
	const parent = parentElement(element)
	if (parent !== null) return parent
	const root = Node.prototype.getRootNode.call(element)
	return root instanceof ShadowRoot ? root.host : null
}
/** The element itself or the nearest around it, also around the shadow root it is in. */
export const closestTo = (element: Element, selector: string): Element | null => {
	for (let at: Element | null = element; at !== null; at = parentOf(at))
		if (doesMatch(at, selector)) return at
	return null
}

export const titleOf = (document: Document): string => title(document)
export const isHiddenPage = (document: Document): boolean => visibility(document) === 'hidden'
