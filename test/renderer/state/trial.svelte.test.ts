import { Failure } from '#contract/failure'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Call } from '../../../src-renderer/state/link.svelte'
import { valuesOn } from '../../../src-renderer/state/sheet'
import { Samples } from '../../../src-renderer/state/samples.svelte'
import { Trial } from '../../../src-renderer/state/trial.svelte'
import { Works } from '../../../src-renderer/state/works.svelte'
import { FakeWorkbench, presets } from '../fake-workbench'

const source = { use: 'mnist' } as const
const digit = (value: number): Float32Array => new Float32Array(784).fill(value)
const stroke = [{ x: 0.5, y: 0.5, radius: 0.04 }]
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve()
}

let workbench: FakeWorkbench
let call: Call
let trial: Trial
/** Lets the time between two questions pass. */
let pass: () => void
beforeEach(async () => {
  workbench = new FakeWorkbench()
  const client = workbench.client()
  call = client.call
  await call('run.start', { experiment: presets[0].experiment })
  trial = new Trial(call, new Works(call, 'window'), () => new Promise((resolve) => (pass = resolve)))
})

const looks = (): number[] =>
  workbench.calls
    .filter(({ name }) => name === 'run.look')
    .map(({ input }) => (input as { features: Float32Array }).features[0])

/** Makes a request fail until the function that it answers with is called. */
function refuse(name: 'run.look' | 'run.samples' | 'data.samples', failure: Failure): () => void {
  const before = workbench.handlers[name]
  Object.assign(workbench.handlers, { [name]: () => Promise.reject(failure) })
  return () => void Object.assign(workbench.handlers, { [name]: before })
}

describe('looking', () => {
  test('tells what the model makes of the sheet, with the step that answered', async () => {
    workbench.advance(5, workbench.find('run-1'))
    trial.show('run-1', digit(1))
    await settle()
    expect([trial.look.value?.step, trial.look.value?.outputs.length]).toEqual([5, 10])
  })

  test('asks at once, then after a pause only for the newest', async () => {
    for (const value of [1, 2, 3]) trial.show('run-1', digit(value))
    await settle()
    trial.show('run-1', digit(4))
    await settle()
    const before = looks()
    pass()
    await settle()
    expect([before, looks()]).toEqual([[1], [1, 4]])
  })

  test('asks nothing about an empty sheet, and forgets the answer', async () => {
    trial.show('run-1', digit(1))
    await settle()
    trial.show('run-1', undefined)
    pass()
    await settle()
    expect([looks(), trial.look]).toEqual([[1], {}])
  })

  test('drops an answer that comes after the sheet was cleared', async () => {
    trial.show('run-1', digit(1))
    trial.show('run-1', undefined)
    await settle()
    expect(trial.look).toEqual({})
  })

  test('asks the newest weights again about the same ink', async () => {
    trial.show('run-1', digit(1))
    await settle()
    pass()
    await settle()
    workbench.advance(7, workbench.find('run-1'))
    trial.lookAgain()
    await settle()
    expect([looks(), trial.look.value?.step]).toEqual([[1, 1], 7])
  })

  test('says why there is no answer, and asks again the next time', async () => {
    const restore = refuse('run.look', new Failure('run.unknown', { run: 'run-1' }))
    trial.show('run-1', digit(1))
    await settle()
    const { error } = trial.look
    restore()
    pass()
    trial.lookAgain()
    await settle()
    pass()
    await settle()
    expect([(error as Failure).key, trial.look.error]).toEqual(['run.unknown', undefined])
  })
})

describe('the sheet', () => {
  test('takes back strokes, samples and clearings one by one', async () => {
    trial.draw(stroke)
    trial.draw(stroke)
    trial.clear()
    const seen = [trial.sheet.strokes.length]
    for (let turn = 0; turn < 3; turn++) {
      trial.undo()
      seen.push(trial.sheet.strokes.length)
    }
    expect([seen, trial.canUndo]).toEqual([[0, 2, 1, 0], false])
  })

  test('clearing an empty sheet is nothing to take back', () => {
    trial.clear()
    expect(trial.canUndo).toBe(false)
  })

  test('a sample that the run is tested on replaces what was drawn', async () => {
    trial.draw(stroke)
    await trial.take('run-1', 10000, 21)
    const { sample, strokes } = trial.sheet
    expect([
      sample?.part,
      sample?.index,
      sample?.targets,
      sample?.features.length,
      sample?.tested,
      strokes
    ]).toEqual(['test', 21, [9], 784, { run: 'run-1', place: 21 }, []])
  })

  test('of two samples that are wanted, the one that was wanted last is taken', async () => {
    await Promise.all([trial.take('run-1', 10000, 5), trial.take('run-1', 10000, 6)])
    expect([trial.sheet.sample?.index, trial.taking, trial.canUndo]).toEqual([6, false, true])
  })

  test('a sample that cannot be read is said, and the drawing stays', async () => {
    refuse('run.samples', new Failure('storage.notFound', { path: 'x' }))
    trial.draw(stroke)
    await trial.take('run-1', 10000)
    expect([(trial.problem as Failure).key, trial.taking, trial.sheet.strokes.length]).toEqual([
      'storage.notFound',
      false,
      1
    ])
  })

  test('what is typed into one field is taken back at once, and what is typed into the next apart', async () => {
    await trial.take('run-1', 10000, 3)
    const own = trial.sheet.sample?.features.slice(0, 2)
    const seen = (): number[] => [...(valuesOn(trial.sheet)?.subarray(0, 2) ?? [])]
    trial.type(0, 1)
    trial.type(0, 12)
    trial.type(1, 7)
    const typed = seen()
    trial.undo()
    const before = seen()
    trial.undo()
    expect([typed, before, seen()]).toEqual([[12, 7], [12, own?.[1]], [...(own ?? [])]])
  })

  test('gives up all that was typed at once', async () => {
    await trial.take('run-1', 10000, 3)
    trial.type(0, 12)
    trial.type(1, 7)
    trial.restore()
    expect(trial.sheet.typed).toBe(undefined)
  })

  test('is emptied when other data come, of which its sample is none', async () => {
    await trial.describe(source)
    await trial.take('run-1', 10000, 3)
    await trial.describe({ use: 'digits' })
    expect([trial.sheet, trial.canUndo]).toEqual([{ strokes: [] }, false])
  })

  test('keeps a drawing for other data with samples of the same shape', async () => {
    await trial.describe(source)
    trial.draw(stroke)
    await trial.describe({ use: 'digits' })
    expect(trial.sheet.strokes).toEqual([stroke])
  })

  test('drops a sample of data that are not the run’s any more', async () => {
    await trial.describe(source)
    const taken = trial.take('run-1', 10000, 3)
    await Promise.all([trial.describe({ use: 'digits' }), taken])
    expect([trial.sheet.sample, trial.taking]).toEqual([undefined, false])
  })
})

test('an evaluation belongs to its run alone', async () => {
  await trial.evaluate('run-1', 'classes')
  expect([
    trial.evaluatedOf('run-1').classes?.classes.length,
    trial.evaluatedOf('run-2'),
    trial.evaluating
  ]).toEqual([10, {}, undefined])
})

test('a run whose targets are numbers is evaluated by its errors', async () => {
  await trial.evaluate('run-1', 'numbers')
  const { numbers, classes } = trial.evaluatedOf('run-1')
  expect([numbers?.count, classes]).toEqual([100, undefined])
})

test('the data of a run are described once', async () => {
  await trial.describe(source)
  await trial.describe({ ...source })
  expect([
    trial.data.value?.featureShape,
    workbench.calls.filter(({ name }) => name === 'data.describe').length
  ]).toEqual([[28, 28, 1], 1])
})

describe('pages of samples', () => {
  test('what was asked last is shown, whatever comes first', async () => {
    const waiting: (() => void)[] = []
    const slow = ((name: 'data.samples', input: { source: typeof source; part: 'train'; count: number }) =>
      new Promise((resolve) => waiting.push(() => resolve(call(name, input))))) as unknown as Call
    const samples = new Samples(slow)
    const first = samples.show({ source, part: 'train', count: 1 })
    const second = samples.show({ source, part: 'train', count: 2 })
    waiting[1]()
    await second
    waiting[0]()
    await first
    expect([samples.page.value?.indices, samples.busy]).toEqual([[0, 1], false])
  })

  test('the same samples are not asked for twice, unless they failed', async () => {
    const samples = new Samples(call)
    const restore = refuse('data.samples', new Failure('storage.notFound', { path: 'x' }))
    await samples.show({ source, part: 'test', class: 3, count: 5 })
    const failed = samples.page.error
    restore()
    for (let turn = 0; turn < 2; turn++) await samples.show({ source, part: 'test', class: 3, count: 5 })
    expect([
      (failed as Failure).key,
      samples.page.value?.targets,
      workbench.calls.filter(({ name }) => name === 'data.samples').length
    ]).toEqual(['storage.notFound', [3, 3, 3, 3, 3], 1])
  })
})
