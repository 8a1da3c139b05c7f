import { languageFor, localeOf, onLanguage, trackLanguage, useLanguage } from '#lib/words/language.ts'
import { mount } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import '#lib/ui/tokens.css'
import './popup.css'
import Popup from './Popup.svelte'

trackLanguage(createSubscriber(onLanguage))
const language = languageFor(navigator.languages)
document.documentElement.lang = localeOf(language)
// English where the others cannot be had.
useLanguage(language)
	.catch((error: unknown) => console.warn(error))
	.finally(() => {
		const target = document.getElementById('app')
		if (target !== null) mount(Popup, { target })
	})
