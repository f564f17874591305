import { say, languages, type Language, type MessageKey, type MessageValues } from '#contract/messages'
import type { Preset } from '#contract/requests'
import { views } from '../../state/view.svelte'
import { choose } from '../data/choose'
import type { Doors as Workplace } from '../data/receive'
import { presetName } from '../preset-name'
import { mayStart, startOrAsk } from './start'

/** Something that can be done from the keyboard or the palette. */
export interface Command {
  id: string
  /** Its name in each language, so that it is found by either. */
  names: Record<Language, string>
  chord?: string
  enabled: boolean
  run(): void
}

/** Runs that the palette offers to open. */
const MOST_RUNS = 20

const named = (key: MessageKey, values?: MessageValues): Record<Language, string> =>
  Object.fromEntries(languages.map((language) => [language, say(language, key, values)])) as Record<
    Language,
    string
  >

const presetNames = (preset: Preset): Record<Language, string> =>
  Object.fromEntries(
    languages.map((language) => {
      const name = presetName(preset, (key) => say(language, key))
      return [language, say(language, 'window.command.preset', { name })]
    })
  ) as Record<Language, string>

/** Everything that can be done now, in the order in which the palette offers it before anything is typed. */
export const commandsOf = (workplace: Workplace): Command[] => [
  ...trainingCommands(workplace),
  ...chartCommands(workplace),
  ...viewCommands(workplace),
  ...settingCommands(workplace),
  ...openCommands(workplace)
]

function trainingCommands({ session, place }: Workplace): Command[] {
  const ready = session.connection === 'open' && !session.busy
  const state = session.run?.state
  const command = (
    id: string,
    key: MessageKey,
    chord: string | undefined,
    enabled: boolean,
    run: () => unknown
  ): Command => ({
    id,
    names: named(key),
    ...(chord && { chord }),
    enabled: ready && enabled,
    run: () => void run()
  })
  return [
    command('start', 'window.command.start', 'Ctrl+Enter', mayStart(session), () =>
      startOrAsk(session, place)
    ),
    state === 'paused'
      ? command('resume', 'window.command.resume', 'Space', session.live, session.resume)
      : command('pause', 'window.command.pause', 'Space', session.live && state === 'running', session.pause),
    command('step', 'window.command.step', 'S', session.live && state === 'paused', session.step),
    command('stop', 'window.command.stop', 'Ctrl+.', session.live, session.stop)
  ]
}

const chartCommands = ({ place: { charts } }: Workplace): Command[] =>
  (
    [
      ['logarithm', 'L'],
      ['follow', 'F'],
      ['reset', 'R']
    ] as const
  ).map(([act, chord]) => ({
    id: act,
    names: named(`window.command.${act}`),
    chord,
    enabled: charts[act] !== undefined,
    run: () => charts[act]?.()
  }))

const viewCommands = ({ place }: Workplace): Command[] => [
  ...views.map((view, index) => ({
    id: view,
    names: named(`window.command.${view}`),
    chord: `Ctrl+${index + 1}`,
    enabled: true,
    run: () => place.go(view)
  })),
  {
    id: 'palette',
    names: named('window.command.palette'),
    chord: 'Ctrl+K',
    enabled: true,
    run: () => (place.sheet = 'palette')
  },
  {
    id: 'shortcuts',
    names: named('window.command.shortcuts'),
    chord: '?',
    enabled: true,
    run: () => (place.sheet = 'shortcuts')
  }
]

function settingCommands({ session }: Workplace): Command[] {
  const { preferences } = session
  const { language, theme } = preferences.current
  const open = session.connection === 'open'
  return [
    ...languages.map((each) => ({
      id: `language-${each}`,
      names: named(`window.command.language.${each}`),
      enabled: open && language !== each,
      run: () => void session.attempt(() => preferences.change({ language: each }))
    })),
    ...(['system', 'light', 'dark'] as const).map((each) => ({
      id: `theme-${each}`,
      names: named(`window.command.theme.${each}`),
      enabled: open && theme !== each,
      run: () => void session.attempt(() => preferences.change({ theme: each }))
    }))
  ]
}

function openCommands(workplace: Workplace): Command[] {
  const { session, place } = workplace
  const open = session.connection === 'open' && !session.busy
  const isBrowser = session.about?.shell === 'browser'
  return [
    {
      id: 'open-file',
      names: named('window.command.openFile'),
      enabled: open,
      run: () => void choose(workplace, 'data', 'file')
    },
    {
      id: 'open-folder',
      names: named('window.command.openFolder'),
      enabled: open,
      run: () => void choose(workplace, 'data', 'folder')
    },
    {
      id: 'import-model',
      names: named('import.command'),
      enabled: open,
      run: () => void choose(workplace, 'model', 'file')
    },
    {
      id: 'browse',
      names: named('window.command.browse'),
      enabled: open && isBrowser,
      run: () => {
        place.go('data')
        place.sheet = 'files'
      }
    },
    ...(session.about?.presets ?? []).map((preset) => ({
      id: `preset-${preset.id}`,
      names: presetNames(preset),
      enabled: open,
      run: () => session.choosePreset(preset.id)
    })),
    ...session.runs.slice(0, MOST_RUNS).map(({ id, name }) => ({
      id: `run-${id}`,
      names: named('window.command.openRun', { name }),
      enabled: open,
      run: () => {
        void session.openRun(id)
        place.go('train')
      }
    }))
  ]
}
