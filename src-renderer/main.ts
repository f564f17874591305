import './without-eval'
import './style/tokens.css'
import './style/base.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { openFileDoor, openWire } from './workbench'

mount(App, { target: document.body, props: { open: openWire, door: openFileDoor() } })
