import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkbenchEvent } from '#contract/events'
import type { Requests } from '#contract/requests'
import type { StudyInput, StudyResult } from '#contract/study'
import type { InputOf } from '#contract/wire'
import type { Workbench } from '../../src-main/application/workbench'
import {
  createFakeWorld,
  experiment,
  settle,
  startedEvent,
  trainWhole,
  type FakeTrainer,
  type FakeWorld
} from './fake-ports'
import { askOf, openHeard } from './heard-workbench'

let world: FakeWorld
let workbench: Workbench
let events: WorkbenchEvent[]

beforeEach(async () => {
  world = await createFakeWorld()
  open()
})
afterEach(async () => {
  await workbench.close(0)
  await world.remove()
})

const open = (): void => void ({ workbench, events } = openHeard(world))
const ask = askOf(() => workbench)

const study: StudyInput = {
  version: 1,
  name: 'rates',
  base: experiment,
  vary: [
    { name: 'rate', cases: [{ label: 'small' }, { label: 'large', set: { 'gradients.1.rate': 1 } }] },
    { name: 'batch', cases: [{ label: '32' }, { label: '64', set: { 'training.batchSize': 64 } }] }
  ],
  seeds: 2
}
const run = (changed: Partial<InputOf<Requests, 'study.run'>> = {}): Promise<StudyResult> =>
  ask('study.run', { study, work: 'study', ...changed })

const train = (trainer: FakeTrainer, { folder }: { folder: string }): void =>
  void settle().then(() => trainWhole(trainer, folder))
const trained = (): unknown[] =>
  world.trainers.flatMap(({ asked }) =>
    asked.flatMap(({ name, input }) => {
      const { experiment } = input as { experiment?: { name: string; seed: number } }
      return name === 'train' ? [experiment ? `${experiment.name} ${experiment.seed}` : 'goes on'] : []
    })
  )

test('every cell is trained with every seed in one process, those compared one behind the other', async () => {
  world.script.onTrain = train
  const { cells } = await run()
  expect(trained()).toEqual([
    'rates: small, 32 1',
    'rates: large, 32 1',
    'rates: small, 32 2',
    'rates: large, 32 2',
    'rates: small, 64 1',
    'rates: large, 64 1',
    'rates: small, 64 2',
    'rates: large, 64 2'
  ])
  expect(world.trainers).toHaveLength(1)
  expect(cells.map(({ labels, runs }) => [labels, runs.map(({ seed }) => seed)])).toEqual([
    [{ rate: 'small', batch: '32' }, [1, 2]],
    [{ rate: 'small', batch: '64' }, [1, 2]],
    [{ rate: 'large', batch: '32' }, [1, 2]],
    [{ rate: 'large', batch: '64' }, [1, 2]]
  ])
})

test('a result tells what each run gave, measured beside the first case, and where it was made', async () => {
  let milliseconds = 2
  world.script.onTrain = (trainer, { folder }) =>
    void settle().then(() =>
      trainWhole(trainer, folder, 'completed', { stepMilliseconds: (milliseconds *= 2) })
    )
  const { cells, made } = await run({ seeds: 1 })
  expect(cells[2].layers).toEqual(['dense_1', 'dense_2', 'dense_3'])
  expect(cells[2].runs).toMatchObject([
    {
      seed: 1,
      stopped: 'completed',
      steps: 8,
      train: { loss: 0.1, accuracy: 0.97 },
      test: { loss: 0.2, accuracy: 0.95 },
      stepMilliseconds: 8,
      stepRatio: 2,
      firstGradient: [0.25, 0.5, 2],
      multiplier: 0.5,
      findings: []
    }
  ])
  expect(cells[0].runs[0].stepRatio).toBe(1)
  expect(made).toMatchObject({
    steadygrad: '1.2.3',
    engine: 'native-cpu',
    library: 'TensorFlow 2.21.0',
    threads: 2
  })
})

test('no time is compared with that of a run that the guard stopped', async () => {
  world.script.onTrain = (trainer, { folder }) =>
    void settle().then(() => trainWhole(trainer, folder, trained().length === 1 ? 'guard' : 'completed'))
  const { cells } = await run({ seeds: 1 })
  expect(cells.map(({ runs }) => runs[0].stepRatio)).toEqual([undefined, 1, undefined, 1])
  expect(cells[0].runs[0].stopped).toBe('guard')
})

test('each run is announced under the name of the study, with how many are done', async () => {
  world.script.onTrain = train
  await run({ seeds: 1 })
  expect(events.filter(({ type }) => type === 'study.run')).toMatchObject([
    { work: 'study', labels: { rate: 'small', batch: '32' }, run: { seed: 1 }, done: 1, of: 4 },
    { done: 2, of: 4 },
    { done: 3, of: 4 },
    { labels: { rate: 'large', batch: '64' }, done: 4, of: 4 }
  ])
})

test('runs that are done are found again, whatever study they were trained for, and only new ones are trained', async () => {
  world.script.onTrain = train
  const first = await run({ seeds: 1 })
  await workbench.close(0)
  world.trainers.length = 0
  open()
  const second = await run({ study: { ...study, name: 'renamed' }, seeds: 2 })
  expect(trained()).toHaveLength(4)
  expect(second.cells.map(({ runs }) => runs[0].run)).toEqual(first.cells.map(({ runs }) => runs[0].run))
})

test('a run that somebody deleted is trained again', async () => {
  world.script.onTrain = train
  const { cells } = await run({ seeds: 1 })
  await rm(join(world.paths.library, 'runs', cells[0].runs[0].run ?? ''), { recursive: true })
  world.trainers.length = 0
  await run({ seeds: 1 })
  expect(trained()).toEqual(['rates: small, 32 1'])
})

test('called off, it stops its run with a checkpoint and goes on with that run the next time', async () => {
  let runs = 0
  world.script.onTrain = (trainer, input) => {
    if (++runs === 3) {
      void writeFile(join(input.folder, 'events.jsonl'), `${JSON.stringify(startedEvent())}\n`)
      void settle().then(() => ask('work.cancel', { work: 'study' }))
    } else train(trainer, input)
  }
  await expect(run({ seeds: 1 })).rejects.toMatchObject({ key: 'request.cancelled' })
  expect(world.trainers[0].asked.at(-1)).toEqual({ name: 'stop', input: { interrupted: false } })
  world.trainers.length = 0
  await run({ seeds: 1 })
  expect(trained()).toEqual(['goes on', 'rates: large, 64 1'])
})

test('a run that breaks off ends the study with its reason, and what is done is kept', async () => {
  world.script.onTrain = (trainer, input) => {
    if (trained().length === 2)
      void settle().then(() => trainer.fail({ key: 'training.bug', values: { problem: 'x' } }, 'bug'))
    else train(trainer, input)
  }
  await expect(run({ seeds: 1 })).rejects.toMatchObject({ key: 'training.bug' })
  world.script.onTrain = train
  world.trainers.length = 0
  await run({ seeds: 1 })
  expect(trained()).toHaveLength(3)
})

test('with a folder of its own, the runs and the notes of them are made there', async () => {
  world.script.onTrain = train
  const out = join(world.paths.library, '..', 'elsewhere')
  await run({ seeds: 1, out })
  expect((await readdir(out)).filter((name) => name !== 'studies.jsonl')).toHaveLength(4)
  expect(await readdir(out)).toContain('studies.jsonl')
})

test('what is wrong with a study is said before anything is trained', async () => {
  const bad = { ...study, base: { ...experiment, training: { batchSize: 32 } } }
  await expect(run({ study: bad })).rejects.toMatchObject({ key: 'study.cellRefused' })
  await expect(run({ study: { ...study, base: 'nothing' } })).rejects.toMatchObject({ key: 'study.noBase' })
  expect(world.trainers).toEqual([])
})

test('studies that come with the product are listed with their base and results, and are no presets', async () => {
  const { presets } = world.paths
  const studies = join(presets, '..', 'studies')
  world.paths.studies = studies
  await workbench.close(0)
  open()
  world.script.onTrain = train
  const result = await run({ seeds: 1 })
  await mkdir(studies)
  await writeFile(join(studies, 'rates.results.json'), JSON.stringify(result))
  await writeFile(join(presets, 'small.json'), JSON.stringify({ ...experiment, name: 'small' }))
  await writeFile(join(presets, 'rates.study.json'), JSON.stringify({ ...study, base: 'small' }))
  await writeFile(join(presets, 'other.study.json'), JSON.stringify(study))
  const listed = await ask('study.list', {})
  expect(listed.map(({ id, base, result }) => [id, base.name, result?.cells.length])).toEqual([
    ['other', 'two layers', undefined],
    ['rates', 'small', 4]
  ])
  expect((await ask('describe', {})).presets.map(({ id }) => id)).toEqual(['small'])
})
