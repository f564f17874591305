import { createContext } from 'svelte'
import type { Appearance } from './theme.svelte'
import type { Draft } from './draft.svelte'
import type { Exports } from './exports.svelte'
import type { Importing } from './importing.svelte'
import type { Microscope } from './microscope.svelte'
import type { Opening } from './opening.svelte'
import type { Session } from './session.svelte'
import type { Speech } from './language.svelte'
import type { Library } from './library.svelte'
import type { Overlay } from './overlay.svelte'
import type { Toasts } from './toasts.svelte'
import type { Trial } from './trial.svelte'
import type { Place } from './view.svelte'

export const [useSession, provideSession] = createContext<Session>()
export const [useSpeech, provideSpeech] = createContext<Speech>()
export const [useAppearance, provideAppearance] = createContext<Appearance>()
export const [usePlace, providePlace] = createContext<Place>()
export const [useToasts, provideToasts] = createContext<Toasts>()
export const [useLibrary, provideLibrary] = createContext<Library>()
export const [useTrial, provideTrial] = createContext<Trial>()
export const [useDraft, provideDraft] = createContext<Draft>()
export const [useOverlay, provideOverlay] = createContext<Overlay>()
export const [useOpening, provideOpening] = createContext<Opening>()
export const [useImporting, provideImporting] = createContext<Importing>()
export const [useExports, provideExports] = createContext<Exports>()
export const [useMicroscope, provideMicroscope] = createContext<Microscope>()
