import { beforeEach, describe, expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import type { ForeignModel } from '#contract/import'
import type { Requests } from '#contract/requests'
import type { InputOf } from '#contract/wire'
import { Importing } from '../../../src-renderer/state/importing.svelte'
import { Library } from '../../../src-renderer/state/library.svelte'
import type { Session } from '../../../src-renderer/state/session.svelte'
import { Toasts } from '../../../src-renderer/state/toasts.svelte'
import { FakeWorkbench, presets } from '../fake-workbench'
import { sessionOver, settle } from '../settled-session'

const model: ForeignModel = {
  path: '/models/small.keras',
  format: 'keras',
  layers: [{ name: 'dense', className: 'Dense', use: 'dense', parameters: 30 }],
  parameters: 30,
  notes: []
}
const experiment = { ...presets[0].experiment, name: 'small' }

let workbench: FakeWorkbench
let session: Session
let toasts: Toasts
let importing: Importing
let asked: InputOf<Requests, 'model.import'>[]

/** Answers as a core would for a model that says which data it is for, or does not. */
function answer(reply: (input: InputOf<Requests, 'model.import'>) => unknown): void {
  Object.assign(workbench.handlers, {
    'model.import': (input: InputOf<Requests, 'model.import'>) => {
      asked.push(input)
      return reply(input)
    },
    'model.inspect': () => model
  })
}

beforeEach(async () => {
  workbench = new FakeWorkbench()
  session = sessionOver(workbench)
  toasts = new Toasts(() => () => {})
  void session.stay()
  await settle()
  asked = []
  answer(() => ({ model, experiment }))
  importing = new Importing(session, new Library(session, toasts), {
    pathOf: () => undefined,
    send: () => Promise.resolve('/library/datasets/uploads/1/small.keras')
  })
})

const keyOf = (error: unknown): unknown => error instanceof Failure && error.key

describe('a model that is imported', () => {
  test('is shown and changes nothing until it is used, and then is the draft, which can be undone', async () => {
    const before = session.draft.value
    await importing.openPath('/models/small.keras')
    expect([importing.model, importing.imported?.ground, session.draft.value]).toEqual([
      model,
      'model',
      before
    ])
    importing.use()
    expect([session.draft.value?.name, importing.name, toasts.shown.at(-1)?.message.key]).toEqual([
      'small',
      undefined,
      'window.experiment.opened'
    ])
    toasts.shown.at(-1)?.action?.run()
    expect(session.draft.value).toEqual(before)
  })

  test('that does not say its data is put on that of the draft', async () => {
    answer(({ base, path }) => {
      if (!base) throw new Failure('import.needsBase', { path, shape: '4' })
      return { model, experiment }
    })
    await importing.openPath('/models/small.keras')
    expect([asked.map(({ base }) => base), importing.imported?.ground, importing.error]).toEqual([
      [undefined, session.draft.experiment],
      'draft',
      undefined
    ])
  })

  test('that fits neither still shows its layers, with the reason', async () => {
    answer(({ base, path }) => {
      throw base
        ? new Failure('import.groundShape', { path, shape: '4', found: '28 × 28 × 1', source: 'mnist' })
        : new Failure('import.needsBase', { path, shape: '4' })
    })
    await importing.openPath('/models/small.keras')
    expect([keyOf(importing.error), importing.model, importing.imported]).toEqual([
      'import.groundShape',
      model,
      undefined
    ])
  })

  test('can be put on other data, and stays as it was where that fails', async () => {
    answer(({ base }) => {
      if (base) throw new Failure('import.groundShape', { path: 'x', shape: '4', found: '2', source: 'csv' })
      return { model, experiment }
    })
    await importing.openPath('/models/small.keras')
    await importing.putOn('draft')
    expect([importing.imported?.ground, keyOf(importing.error)]).toEqual(['model', 'import.groundShape'])
  })

  test('with a layer that cannot be represented is listed and cannot be used', async () => {
    const problem = { key: 'import.why.unknown', values: { layer: 'dense', className: 'Dense' } } as const
    const strange = { ...model, layers: [{ ...model.layers[0], problem }] }
    const before = session.draft.value
    answer(() => ({ model: strange }))
    await importing.openPath('/models/strange.keras')
    importing.use()
    expect([importing.model, importing.imported?.experiment, session.draft.value]).toEqual([
      strange,
      undefined,
      before
    ])
  })

  test('that is damaged says why, and asks nothing more about it', async () => {
    answer(({ path }) => {
      throw new Failure('import.notHdf5', { path })
    })
    await importing.openPath('/models/noise.h5')
    expect([keyOf(importing.error), importing.model, asked.length]).toEqual(['import.notHdf5', undefined, 1])
  })

  test('is sent where only the page has it, and keeps the name that the user knows', async () => {
    await importing.openFiles([{ path: 'small.keras', file: new File(['four'], 'small.keras') }])
    expect([importing.name, asked[0].path]).toEqual([
      'small.keras',
      '/library/datasets/uploads/1/small.keras'
    ])
  })

  test('that was sent is named in a refusal as the user knows it', async () => {
    answer(({ path }) => {
      throw new Failure('import.notHdf5', { path })
    })
    await importing.openFiles([{ path: 'small.h5', file: new File(['four'], 'small.h5') }])
    expect(importing.error).toEqual(new Failure('import.notHdf5', { path: 'small.h5' }))
  })

  test('and called off leaves nothing, and a late answer changes nothing', async () => {
    let come: () => void = () => {}
    answer(async () => {
      await new Promise<void>((resolve) => (come = resolve))
      return { model, experiment }
    })
    const opened = importing.openPath('/models/small.keras')
    await settle()
    const under = importing.isUnderWay
    importing.close()
    come()
    await opened
    expect([under, importing.isUnderWay, importing.name, importing.model]).toEqual([
      true,
      false,
      undefined,
      undefined
    ])
    expect(workbench.calls).toContainEqual({ name: 'work.cancel', input: { work: asked[0].work } })
  })
})
