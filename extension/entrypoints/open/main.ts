import { mount } from 'svelte'
import '../../../src/app.css'
import { followLook } from '../../browser/look.ts'
import Open from './Open.svelte'

const target = document.getElementById('app')
void followLook().then(({ server }) => {
	if (target !== null) mount(Open, { target, props: { server } })
})
