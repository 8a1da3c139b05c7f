/**
 * Styles of our elements on somebody else's page, set one by one on the element and with weight: no style sheet of the
 * page's reaches them, none of ours reaches the page, and no policy of the page's is asked.
 */
export const wear = (element: HTMLElement, style: Readonly<Record<string, string>>): void => {
	for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value, 'important')
}

/** Without a size of its own: what is around our small parts is the site's. */
export const HOST = {
	all: 'initial',
	display: 'block',
	position: 'fixed',
	inset: '0 auto auto 0',
	width: '0',
	height: '0',
	margin: '0',
	padding: '0',
	border: '0',
	overflow: 'visible',
	background: 'none',
	// Where it is not in the top layer.
	'z-index': '2147483647',
	direction: 'ltr',
}
export const FRAME = {
	all: 'initial',
	display: 'block',
	position: 'fixed',
	margin: '0',
	border: '0',
	visibility: 'hidden',
	'border-radius': '12px',
	'box-shadow': '0 0 0 1px rgb(128 110 100 / 0.35), 0 8px 28px rgb(0 0 0 / 0.4)',
	transition: 'opacity 200ms',
}
/** Transparent only where both documents have the same scheme: the page in it is dark. */
export const OVERLAY = {
	all: 'initial',
	display: 'block',
	position: 'fixed',
	margin: '0',
	border: '0',
	background: 'none',
	'color-scheme': 'dark',
	'pointer-events': 'none',
}
export const GRIP = {
	all: 'initial',
	display: 'block',
	position: 'fixed',
	cursor: 'grab',
	'touch-action': 'none',
}
