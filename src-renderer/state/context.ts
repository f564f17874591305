import { createContext } from 'svelte'
import type { Appearance } from './theme.svelte'
import type { Session } from './session.svelte'
import type { Speech } from './language.svelte'

export const [useSession, provideSession] = createContext<Session>()
export const [useSpeech, provideSpeech] = createContext<Speech>()
export const [useAppearance, provideAppearance] = createContext<Appearance>()
