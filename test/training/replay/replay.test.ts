import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import type { Experiment, ExperimentInput } from '#contract/experiment'
import { measuredWidth } from '#contract/measures'
import type { Replay, StepRange } from '#contract/replay'
import { columnOf } from '#contract/step-rows'
import type { TrainerEvent } from '#contract/trainer'
import { prepareSource } from '../../../src-main/datasets/prepare'
import { openMeasured, openSteps } from '../../../src-main/storage/run-rows'
import { readEvents } from '../../../src-main/training/run-log'
import { createTrainingService, type TrainingService } from '../../../src-main/training/service'
import { startEngine } from '../../../src-main/engine/backends'
import { eventsOf, experimentOf, lastStepOf, trainToEnd, useWorkplace } from '../sitting'

const workplace = useWorkplace()

/** Runs steps of a run again in a process of its own, as the application does. */
const replayOf = async (folder: string, steps?: StepRange): Promise<Replay> =>
  createTrainingService(startEngine, () => undefined).handlers.replay({
    folder,
    dataset: workplace.dataset,
    ...(steps && { steps })
  })

/** Thirty steps an epoch, augmented, with dropout and batch normalization; every 70th batch is beyond 32 bits. */
const broken = (
  nonFinite: 'skip' | 'stop' | 'rollback',
  changes: Partial<ExperimentInput> = {}
): Experiment =>
  experimentOf({
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      augment: [{ use: 'shift' }, { use: 'noise', stddev: 5 }],
      limit: { train: 300, test: 100 },
      faults: [{ use: 'scaleBatch', every: 70, by: 1e38 }]
    },
    training: { batchSize: 10, epochs: 6 },
    guard: { nonFinite },
    ...changes
  })

/** Pauses a run at its first steps, changes a rate and the batch size, and lets it go on. */
function changing(): (event: TrainerEvent, service: TrainingService) => void {
  let asked = false
  let isDone = false
  return (event, { handlers }) => {
    if (event.type === 'steps' && !asked) {
      asked = true
      void handlers.pause({})
    }
    if (event.type !== 'progress' || event.progress.state !== 'paused' || isDone) return
    isDone = true
    const changes = [
      { path: 'gradients.1.rate', value: 0.003 },
      { path: 'training.batchSize', value: 12 }
    ].map((change) => handlers.change(change))
    void Promise.all(changes).then(() => handlers.resume({}))
  }
}

const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path, readFileSync(path).toString('base64')])
  )

test.each(['skip', 'rollback'] as const)(
  'with live changes, augmentation and the guard set to %s, steps run again are those of the first time',
  async (nonFinite) => {
    const folder = workplace.nextFolder()
    const { events } = await trainToEnd(
      { folder, dataset: workplace.dataset, experiment: broken(nonFinite) },
      changing()
    )
    expect(eventsOf(events, 'changed').length).toBe(2)
    expect(eventsOf(events, 'guard').length).toBe(2)
    const before = filesIn(folder)
    const told = await replayOf(folder, { from: 61, to: 145 })
    expect(told).toMatchObject({ same: true, from: 61, to: 145 })
    expect(filesIn(folder)).toEqual(before)

    const rows = await openSteps(folder)
    expect(Array.from(told.rows)).toEqual(Array.from(await rows.rows(61, 145)))
    await rows.close()
    const refused = told.examined.filter(({ reason }) => reason === 'refused')
    expect(refused.map(({ step }) => step)).toEqual([70, 140])
  }
)

test('a checkpoint from before a rollback holds the state that the run goes back to', async () => {
  const folder = workplace.nextFolder()
  const experiment = broken('rollback', { training: { batchSize: 10, epochs: 5 } })
  const { events } = await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  expect(eventsOf(events, 'guard').at(-1)).toMatchObject({ step: 140, rollback: { attempt: 2 } })
  expect(await replayOf(folder, { from: 131, to: 150 })).toMatchObject({
    same: true,
    start: { step: 120, kind: 'checkpoint' },
    states: [{ step: 150, same: true }]
  })
})

test('every step has its layers measured, as they were where the run measured them', async () => {
  const folder = workplace.nextFolder()
  const experiment = experimentOf({ training: { batchSize: 50, epochs: 4 } })
  await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  const { measures, measured, measuredWidth: width } = await replayOf(folder)
  const reader = await openMeasured(folder)
  const stored = await reader.rows(1, reader.last)
  expect(width).toBe(measuredWidth(measured.length, false))
  for (let row = 0; row < reader.last; row++) {
    const first = stored.subarray(row * width, (row + 1) * width)
    expect(Array.from(measures.subarray((first[0] - 1) * width, first[0] * width))).toEqual(Array.from(first))
  }
  expect(reader.last).toBe(5)
  expect(measures.length).toBe(20 * width)
  await reader.close()
})

test('a run that was killed and went on is run again through all its sittings', async () => {
  const { dataset } = workplace
  const folder = workplace.nextFolder()
  const experiment = broken('skip')
  const killed = workplace.nextFolder()
  let isCopied = false
  await trainToEnd({ folder, dataset, experiment }, (event) => {
    if (isCopied || lastStepOf(event) < 80) return
    isCopied = true
    // What a killed process leaves.
    cpSync(folder, killed, { recursive: true })
    rmSync(join(killed, 'run.lock'), { force: true, recursive: true })
  })
  expect(await replayOf(killed, { from: 40, to: 75 })).toMatchObject({ same: true })
  await trainToEnd({ folder: killed, dataset })
  const told = await replayOf(killed)
  expect(told).toMatchObject({ same: true, from: 131, to: 180 })
  expect(told.states.at(-1)).toEqual({ step: 180, same: true })
})

test('where the guard stops a run, the last 50 steps are run again from the state that was kept', async () => {
  const folder = workplace.nextFolder()
  const experiment = broken('stop', {
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      limit: { train: 300, test: 100 },
      faults: [{ use: 'scaleBatch', every: 130, by: 1e38 }]
    }
  })
  const { ended } = await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  expect(ended?.summary).toMatchObject({ stopped: 'guard', steps: 130 })
  const told = await replayOf(folder)
  expect(told).toMatchObject({
    from: 81,
    to: 130,
    start: { step: 50, kind: 'good' },
    same: true,
    compared: 80,
    engine: { name: 'native-cpu' }
  })
  expect(told.states.at(-1)).toEqual({ step: 130, same: true })
})

test('a spike leaves the state before it in the run, and its batch is taken apart', async () => {
  const folder = workplace.nextFolder()
  const experiment = broken('skip', {
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      limit: { train: 300, test: 100 },
      faults: [{ use: 'scaleBatch', every: 160, by: 1e4 }]
    },
    model: {
      layers: [
        { use: 'flatten' },
        { use: 'dense', units: 16, activation: 'relu' },
        { use: 'dense', units: 10 }
      ]
    },
    gradients: [{ use: 'sgd', rate: 0.05 }]
  })
  const { events } = await trainToEnd({ folder, dataset: workplace.dataset, experiment })
  const spikes = eventsOf(events, 'finding').filter(
    ({ finding }) => finding.kind === 'lossSpike' || finding.kind === 'explodingGradient'
  )
  expect(spikes[0]).toMatchObject({ step: 160 })
  expect(eventsOf(events, 'checkpoint').filter(({ kept }) => kept)).toMatchObject([{ step: 100 }])
  expect(readdirSync(join(folder, 'checkpoints'))).toContain('good-000000100.safetensors')

  const told = await replayOf(folder, { from: 111, to: 160 })
  expect(told).toMatchObject({ same: true, start: { step: 100, kind: 'good' } })
  const [taken] = told.examined
  expect(taken).toMatchObject({ step: 160, reason: 'spike', count: 10, rankedBy: 'gradient' })
  const norms = taken.samples.map(({ gradient = NaN }) => gradient)
  expect(norms).toEqual(norms.toSorted((a, b) => b - a))
  // The gradient of a batch is the mean of those of its samples: no norm of a mean is above the mean of the norms.
  const row = told.rows.subarray(49 * told.width)
  expect(row[columnOf('gradientBefore')]).toBeLessThanOrEqual(
    (norms.reduce((sum, norm) => sum + norm, 0) / 10) * 1.0001
  )
  expect(new Set(taken.samples.map(({ sample }) => sample)).size).toBe(10)
})

test('a sample that alone is broken stands first', async () => {
  const folder = workplace.nextFolder()
  const path = join(workplace.library, 'one-bad.csv')
  const lines = Array.from(
    { length: 60 },
    (_, at) => `${at % 7},${at % 5},${at === 17 ? '1e30' : (at % 7) + (at % 5) + 0.5 + at / 1000}`
  )
  mkdirSync(workplace.library, { recursive: true })
  writeFileSync(path, ['a,b,target', ...lines].join('\n'))
  const source = { use: 'csv', path, target: 'target' } as const
  const dataset = (await prepareSource(source, workplace.library)).folder
  const experiment = experimentOf({
    data: { source },
    model: {
      layers: [
        { use: 'dense', units: 4, activation: 'tanh' },
        { use: 'dense', units: 1 }
      ]
    },
    loss: { use: 'meanSquaredError' },
    gradients: [{ use: 'sgd', rate: 0.01 }],
    training: { batchSize: 12, epochs: 3 }
  })
  const { ended } = await trainToEnd({ folder, dataset, experiment })
  expect(ended?.summary.stopped).toBe('guard')
  const told = await createTrainingService(startEngine, () => undefined).handlers.replay({ folder, dataset })
  expect(told.same).toBe(true)
  const [sample, next] = told.examined.at(-1)?.samples ?? []
  expect(sample.target[0]).toBeGreaterThan(1e29)
  expect(sample.gradient).toBeGreaterThan(1e15)
  expect(next.gradient).toBeLessThan(1e5)
})

test('a run that did not come from these numbers is said to differ, from which step on', async () => {
  const folder = workplace.nextFolder()
  await trainToEnd({ folder, dataset: workplace.dataset, experiment: experimentOf() })
  const path = join(folder, 'experiment.json')
  const experiment = JSON.parse(readFileSync(path, 'utf8')) as Experiment
  writeFileSync(
    path,
    JSON.stringify({
      ...experiment,
      gradients: [{ use: 'clipByGlobalNorm', max: 0.5 }, experiment.gradients[1]]
    })
  )
  // The first step is clipped alike in all but its norm.
  const told = await replayOf(folder, { from: 2, to: 5 })
  expect(told).toMatchObject({ same: false, firstDifferent: 1, compared: 5 })
})

test('what cannot be run again is refused with a reason', async () => {
  const folder = workplace.nextFolder()
  await trainToEnd({ folder, dataset: workplace.dataset, experiment: experimentOf() })
  const last = (await readEvents(folder)).at(-1)?.step ?? 0
  for (const steps of [
    { from: 0, to: 5 },
    { from: 5, to: 4 },
    { from: 1, to: last + 1 }
  ])
    await expect(replayOf(folder, steps)).rejects.toMatchObject({ key: 'replay.outOfRange' })
  const other = workplace.nextFolder()
  await trainToEnd({ folder: other, dataset: workplace.dataset, experiment: experimentOf({ seed: 8 }) })
  const lines = readFileSync(join(other, 'events.jsonl'), 'utf8')
  writeFileSync(join(other, 'events.jsonl'), lines.replace(/"featureScale":[\d.]+/, '"featureScale":0.5'))
  await expect(replayOf(other)).rejects.toMatchObject({ key: 'replay.dataChanged' })
})

test('running steps again leaves no tensor behind', async () => {
  const folder = workplace.nextFolder()
  await trainToEnd({ folder, dataset: workplace.dataset, experiment: broken('rollback') })
  await replayOf(folder, { from: 130, to: 145 })
  const before = tf.memory().numTensors
  await replayOf(folder, { from: 130, to: 145 })
  expect(tf.memory().numTensors).toBe(before)
})
