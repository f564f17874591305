import { Failure } from '#contract/failure'
import { beforeEach, describe, expect, test } from 'vitest'
import { Session } from '../../../src-renderer/state/session.svelte'
import { FakeWorkbench, presets } from '../fake-workbench'
import { sessionOver, settle } from '../settled-session'

let workbench: FakeWorkbench
let cut: (reason: string) => void
let session: Session
let reconnect: () => void
/** What is to be done after a while. */
let later: (() => void)[]

const workbenchProgress = {
  state: 'preparing',
  step: 0,
  steps: 0,
  epoch: 0,
  stepsPerSecond: 0,
  memory: 0
} as const

/** Lets everything that is under way come to rest: the fake answers in microtasks and never waits for time. */

beforeEach(async () => {
  workbench = new FakeWorkbench()
  later = []
  session = new Session({
    open: () => {
      const link = workbench.wire()
      cut = link.cut
      return Promise.resolve(link.wire)
    },
    wait: () => new Promise((resolve) => (reconnect = resolve)),
    nextFrame: () => {},
    later: (_, work) => {
      later.push(work)
      return () => {}
    }
  })
})

const connect = async (): Promise<void> => {
  void session.stay()
  await settle()
}

describe('a session', () => {
  test('opens on the convolutional network for MNIST, ready to train', async () => {
    await connect()
    expect([
      session.connection,
      session.presetId,
      session.experiment?.name,
      session.model.value?.layers.length,
      session.data.value?.counts
    ]).toEqual(['open', 'mnist-cnn', 'digits', 6, { train: 60000, test: 10000 }])
  })

  test('shows the run that it starts', async () => {
    await connect()
    await session.start()
    expect([session.live, session.run?.state, session.runs.length]).toEqual([true, 'running', 1])
  })

  test('finds a running training again', async () => {
    await connect()
    await session.start()
    workbench.advance(25, workbench.find('run-1'))
    const reloaded = sessionOver(workbench)
    void reloaded.stay()
    await settle()
    expect([reloaded.run?.id, reloaded.run?.series.last, reloaded.live]).toEqual(['run-1', 25, true])
  })

  test('says that the connection is lost, comes back, and has what it missed', async () => {
    await connect()
    await session.start()
    cut('test')
    await settle()
    const lost = [session.connection, session.live]
    workbench.advance(40, workbench.find('run-1'))
    reconnect()
    await settle()
    expect([lost, session.connection, session.run?.series.last]).toEqual([['lost', false], 'open', 40])
  })

  test('changes the run while it is at work, and the next experiment when it is not', async () => {
    await connect()
    await session.change('training.batchSize', 64)
    const before = session.experiment?.training.batchSize
    await session.start()
    const step = await session.change('training.batchSize', 32)
    await settle()
    expect([
      before,
      step,
      workbench.find('run-1').experiment.training.batchSize,
      session.experiment?.training.batchSize
    ]).toEqual([64, 1, 64, 32])
  })

  test('refuses a value that cannot be trained with a sentence and keeps the old one', async () => {
    await connect()
    const refused = await session.change('training.batchSize', -1).catch((error: unknown) => error)
    expect([refused instanceof Failure && refused.key, session.experiment?.training.batchSize]).toEqual([
      'experiment.notAbove',
      128
    ])
  })

  test('keeps what went wrong until something works', async () => {
    await connect()
    await session.openRun('nowhere')
    const problem = session.problem instanceof Failure && session.problem.key
    await session.start()
    expect([problem, session.problem]).toEqual(['run.unknown', undefined])
  })

  test('trains a finished run for more epochs', async () => {
    await connect()
    await session.start()
    const run = workbench.find('run-1')
    workbench.advance(run.steps, run)
    await settle()
    await session.goOn(3)
    await settle()
    expect([session.run?.state, session.experiment?.training.epochs]).toEqual(['running', 5])
  })

  test('trains what was edited while a run went on as a new run, and leaves the run alone', async () => {
    await connect()
    await session.start()
    session.draft.setOption('name', 'next')
    await session.stop()
    await settle()
    const shown = session.experiment?.name
    await session.start()
    expect([shown, ...[...workbench.runs.values()].map(({ experiment }) => experiment.name)]).toEqual([
      'digits',
      'digits',
      'next'
    ])
  })

  test('starts beside a run that goes on, follows the new one, and knows where both stand', async () => {
    await connect()
    await session.start()
    await session.start()
    await settle()
    const [first, second] = ['run-1', 'run-2'].map((id) => workbench.find(id))
    workbench.advance(7, first)
    workbench.advance(3, second)
    await settle()
    later.splice(0).forEach((work) => work())
    expect([
      session.run?.id,
      session.active.map(({ id }) => id),
      session.progressOf('run-1')?.step,
      session.progressOf('run-2')?.step
    ]).toEqual(['run-2', ['run-2', 'run-1'], 7, 3])
    workbench.advance(first.steps, first)
    await settle()
    expect([session.active.map(({ id }) => id), session.progressOf('run-1'), session.live]).toEqual([
      ['run-2'],
      undefined,
      true
    ])
  })

  test('starts in the place of a run, which is stopped', async () => {
    await connect()
    await session.start()
    await session.start(['run-1'])
    await settle()
    expect([workbench.find('run-1').state, session.run?.id, session.active.map(({ id }) => id)]).toEqual([
      'stopped',
      'run-2',
      ['run-2']
    ])
  })

  test('tells what happens before a run is there, while it waits for it', async () => {
    await connect()
    const start = workbench.handlers['run.start']
    let begin: () => void = () => {}
    const activity = { key: 'data.reading', values: { name: 'csv' } } as const
    Object.assign(workbench.handlers, {
      'run.start': async (input: Parameters<typeof start>[0]) => {
        const progress = { ...workbenchProgress, activity }
        workbench.announce({ type: 'run.progress', run: 'run-1', progress })
        await new Promise<void>((resolve) => (begin = resolve))
        return start(input)
      }
    })
    const started = session.start()
    await settle()
    const before = session.activity
    begin()
    await started
    expect([before, session.activity]).toEqual([activity, undefined])
  })

  test('lets go of a run whose folder vanished, whatever was wanted of it', async () => {
    await connect()
    await session.start()
    const run = workbench.find('run-1')
    workbench.advance(run.steps, run)
    await settle()
    workbench.silently(() => workbench.runs.clear())
    await session.attempt(async () => void (await session.call('run.note', { run: 'run-1', note: 'x' })))
    expect([
      session.problem instanceof Failure && session.problem.key,
      session.runs,
      session.run,
      session.experiment?.name
    ]).toEqual(['run.unknown', [], undefined, 'digits'])
  })

  test('shows what another library holds as soon as it is taken', async () => {
    await connect()
    await session.start()
    session.draft.setOption('name', 'before')
    await session.call('library.use', { folder: '/other' })
    await settle()
    expect([session.about?.library, session.runs, session.run, session.draft.value?.name]).toEqual([
      '/other',
      [],
      undefined,
      'digits'
    ])
  })

  test('takes up the draft that was saved last', async () => {
    workbench.draft = { experiment: { ...presets[1].experiment, name: 'mine' }, off: [] }
    await connect()
    expect([session.experiment?.name, session.presetId]).toEqual(['mine', undefined])
  })

  test('begins new experiments with the engine and the telemetry that the user prefers', async () => {
    await connect()
    await session.preferences.change({ engine: 'wasm', telemetry: 'off' })
    session.choosePreset('deep-sigmoid')
    const { engine, telemetry } = session.draft.experiment ?? {}
    expect([engine, telemetry, session.presetId]).toEqual([{ use: 'wasm' }, 'off', 'deep-sigmoid'])
  })

  test('follows a setting that another window changes, and takes back one that cannot be kept', async () => {
    await connect()
    workbench.handlers['settings.change']({ theme: 'dark' })
    await settle()
    const followed = session.preferences.current.theme
    Object.assign(workbench.handlers, {
      'settings.change': () => {
        throw new Failure('storage.diskFull', { path: '/settings.json' })
      }
    })
    await session.attempt(() => session.preferences.change({ theme: 'light' }))
    expect([
      followed,
      session.preferences.current.theme,
      session.problem instanceof Failure && session.problem.key
    ]).toEqual(['dark', 'dark', 'storage.diskFull'])
  })

  test('does not complain about an installation that the user cancelled', async () => {
    let refuse: (error: Error) => void = () => {}
    Object.assign(workbench.handlers, {
      'engine.install': () => new Promise((_, reject) => (refuse = reject))
    })
    await connect()
    const installing = session.attempt(() => session.engine.install())
    await settle()
    await session.engine.cancel()
    refuse(new Failure('storage.diskFull', { path: '/' }))
    await installing
    expect([session.problem, session.engine.progress]).toEqual([undefined, undefined])
  })

  test('shows how busy the graphics card is until its driver does not tell any more', async () => {
    const sample = { index: 0, name: 'Tesla K80', percent: 37, usedMebibytes: 11, totalMebibytes: 11441 }
    await connect()
    workbench.announce({ type: 'gpu.sampled', sample })
    await settle()
    expect(session.engine.gpu).toEqual(sample)
    workbench.announce({ type: 'gpu.sampled' })
    await settle()
    expect(session.engine.gpu).toBeUndefined()
  })

  test('asks for the engine for graphics cards only when it is wanted', async () => {
    const asked: unknown[] = []
    const note = (input: unknown) => {
      asked.push(input)
      return workbench.engine()
    }
    Object.assign(workbench.handlers, {
      'engine.install': note,
      'engine.remove': (input: unknown) => note(input) && null
    })
    await connect()
    await session.engine.install(true)
    await session.engine.install()
    await session.engine.remove(true)
    await session.engine.remove()
    expect(asked).toEqual([{ gpu: true }, {}, { gpu: true }, {}])
  })
})
