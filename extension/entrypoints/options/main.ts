import { mount } from 'svelte'
import '../../../src/app.css'
import { followLook } from '../../browser/look.ts'
import Options from './Options.svelte'

const target = document.getElementById('app')
void followLook().then((settings) => {
	if (target !== null) mount(Options, { target, props: { settings } })
})
