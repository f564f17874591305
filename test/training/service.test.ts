import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ActiveEngine, EngineChoice } from '#contract/engine'
import type { Experiment } from '#contract/experiment'
import { columnOf, StepFlag } from '#contract/step-rows'
import type { TrainerEvent } from '#contract/trainer'
import { startEngine } from '../../src-main/engine/backends'
import { listCheckpoints } from '../../src-main/training/checkpoint'
import { createTrainingService, type TrainingService } from '../../src-main/training/service'
import { openRows } from '../../src-main/storage/rows'
import { readSafetensors } from '../../src-main/storage/safetensors'
import {
  eventsOf,
  experimentOf,
  lastStepOf,
  trainToEnd,
  useWorkplace,
  weightsIn,
  type Sitting
} from './sitting'

const workplace = useWorkplace()
let dataset: string
let folder: string
beforeAll(() => void (dataset = workplace.dataset))
beforeEach(() => (folder = workplace.nextFolder()))

const nextFolder = (): string => workplace.nextFolder()
const sit = (
  input: { experiment?: Experiment; moreEpochs?: number; into?: string },
  when?: (event: TrainerEvent, service: TrainingService) => void
): Promise<Sitting> => trainToEnd({ dataset, folder: input.into ?? folder, ...input }, when)

test('a run leaves its folder whole, and everything announced is in it', async () => {
  const { events, ended } = await sit({ experiment: experimentOf() })
  expect(readdirSync(folder).sort()).toEqual([
    'checkpoints',
    'events.jsonl',
    'experiment.json',
    'measures.bin',
    'measures.tail',
    'model',
    'preparation.json',
    'steps.bin',
    'steps.tail'
  ])
  expect(ended?.summary).toMatchObject({
    engine: 'native-cpu',
    steps: 10,
    epochs: 2,
    stopped: 'completed',
    findings: []
  })
  expect(Object.keys(ended?.summary ?? {})).toEqual(expect.arrayContaining(['train', 'validation', 'test']))
  const logged = readFileSync(join(folder, 'events.jsonl'), 'utf8').trim().split('\n')
  expect(logged.map((line) => JSON.parse(line) as unknown)).toEqual(
    events.flatMap((event) => (event.type === 'event' ? [event.event] : []))
  )
  const rows = await openRows({
    chunks: join(folder, 'steps.bin'),
    tail: join(folder, 'steps.tail'),
    bits: []
  })
  const stored = await rows.rows(1, rows.last)
  await rows.close()
  const announced = events.flatMap((event) => (event.type === 'steps' ? Array.from(event.batch.values) : []))
  expect(Array.from(stored)).toEqual(announced)
})

test('on a graphics card a run tells once, before its first step, that kernels are compiled', async () => {
  const onCard = async (choice: EngineChoice): Promise<ActiveEngine> => ({
    ...(await startEngine(choice)),
    name: 'native-gpu'
  })
  const { events } = await trainToEnd({ dataset, folder, experiment: experimentOf() }, undefined, onCard)
  const tells = (event: TrainerEvent): boolean =>
    event.type === 'progress' && event.progress.activity?.key === 'training.activity.kernels'
  expect(events.filter(tells)).toHaveLength(1)
  expect(events.findIndex(tells)).toBeLessThan(events.findIndex(({ type }) => type === 'steps'))
  const elsewhere = await sit({ experiment: experimentOf(), into: nextFolder() })
  expect(elsewhere.events.some(tells)).toBe(false)
})

test('the same seed gives the same weights, another one does not', async () => {
  const weights = async (seed: number): Promise<unknown> => {
    const into = nextFolder()
    await sit({ experiment: experimentOf({ seed }), into })
    return weightsIn(into)
  }
  const first = await weights(7)
  expect(await weights(7)).toEqual(first)
  expect(await weights(8)).not.toEqual(first)
})

test('a run that was interrupted goes on to exactly the weights of one that was not', async () => {
  const whole = nextFolder()
  await sit({ experiment: experimentOf(), into: whole })
  const { ended } = await sit({ experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 3) service.stop('interrupted')
  })
  expect(ended?.summary.stopped).toBe('interrupted')
  expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).not.toContain('"ended"')
  expect(ended?.step).toBeLessThan(10)
  await sit({})
  expect(await weightsIn(folder)).toEqual(await weightsIn(whole))
})

test('a live change is logged before it is acknowledged, and applied again at its step after a crash', async () => {
  const change = { path: 'gradients.1.rate', value: 0.1 }
  let promised: Promise<{ step: number }> | undefined
  const { events } = await sit({ experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 2) promised ??= Promise.resolve(service.handlers.change(change))
  })
  const { step } = (await promised) ?? { step: 0 }
  expect(eventsOf(events, 'changed')).toMatchObject([{ step, path: change.path, from: 0.01, to: 0.1 }])
  const finished = await weightsIn(folder)

  // As a crash before the first checkpoint leaves it: the log with the change, nothing else.
  const kept = readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"changed"'))
  const crashed = nextFolder()
  for (const name of ['experiment.json', 'preparation.json'])
    writeFileSync(join(crashed, name), readFileSync(join(folder, name)))
  writeFileSync(join(crashed, 'events.jsonl'), `${kept.join('\n')}\n`)
  await sit({ into: crashed })
  expect(await weightsIn(crashed)).toEqual(finished)
})

test('changes of several sittings apply in the order of their steps, whatever their order in the log', async () => {
  const logged = (...changes: [step: number, rate: number][]): string =>
    changes
      .map(([step, to]) => ({ type: 'changed', time: 0, step, path: 'gradients.1.rate', from: 0.01, to }))
      .map((change) => `${JSON.stringify(change)}\n`)
      .join('')
  await sit({ experiment: experimentOf() })
  // An earlier sitting came to step 7 before it broke off; a later one was changed at step 4.
  const texts = [logged([4, 0.1], [7, 0.001]), logged([7, 0.001], [4, 0.1])]
  const weights = []
  for (const text of texts) {
    const into = nextFolder()
    for (const name of ['experiment.json', 'preparation.json'])
      writeFileSync(join(into, name), readFileSync(join(folder, name)))
    writeFileSync(join(into, 'events.jsonl'), text)
    await sit({ into })
    weights.push(await weightsIn(into))
  }
  expect(weights[1]).toEqual(weights[0])
})

test('a checkpoint that cannot be written ends the run with its sentence', async () => {
  const { events } = await sit({ experiment: experimentOf() }, (event) => {
    if (event.type === 'event' && event.event.type === 'started')
      writeFileSync(join(folder, 'checkpoints'), 'in the way')
  })
  const failed = events.find((event) => event.type === 'failed')
  expect(failed).toMatchObject({ message: { key: expect.stringMatching(/^storage\./) as string } })
  expect(eventsOf(events, 'checkpoint')).toEqual([])
})

test('what is not live is refused, and the run goes on', async () => {
  let refused: Promise<unknown> | undefined
  const { ended } = await sit({ experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 1)
      refused ??= Promise.resolve(service.handlers.change({ path: 'seed', value: 2 })).catch(
        (error: unknown) => error
      )
  })
  expect(await refused).toMatchObject({ key: 'experiment.notLive' })
  expect(ended?.summary.stopped).toBe('completed')
})

test('a batch size changed on the way takes every sample of the epoch exactly once', async () => {
  let promised: Promise<unknown> | undefined
  const { events } = await sit({ experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 1)
      promised ??= Promise.resolve(service.handlers.change({ path: 'training.batchSize', value: 7 }))
  })
  await promised
  const epochs = events.flatMap((event) =>
    event.type === 'steps'
      ? Array.from(
          { length: event.batch.count },
          (_, i) => event.batch.values[i * event.batch.width + columnOf('epoch')]
        )
      : []
  )
  expect(epochs.filter((epoch) => Number.isInteger(epoch))).toEqual([1, 2])
})

test('pause waits with a checkpoint, one step is one step, resume goes on', async () => {
  const seen: string[] = []
  let pausedAt = 0
  const { ended } = await sit({ experiment: experimentOf() }, (event, service) => {
    if (lastStepOf(event) >= 2 && seen.length === 0) {
      seen.push('asked')
      void service.handlers.pause({})
    }
    if (event.type === 'progress' && event.progress.state === 'paused') {
      if (seen.at(-1) === 'asked') {
        pausedAt = event.progress.step
        seen.push('paused')
        void service.handlers.step({})
      } else if (seen.at(-1) === 'paused' && event.progress.step > pausedAt) {
        expect(event.progress.step).toBe(pausedAt + 1)
        seen.push('stepped')
        void service.handlers.resume({})
      }
    }
  })
  expect(seen).toEqual(['asked', 'paused', 'stepped'])
  expect(ended?.summary).toMatchObject({ steps: 10, stopped: 'completed' })
})

/** A rate that makes the weights overflow soon. */
const exploding = (nonFinite: 'stop' | 'skip'): Experiment =>
  experimentOf({
    model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 16 }, { use: 'dense', units: 10 }] },
    gradients: [{ use: 'sgd', rate: 1e15 }],
    loss: { use: 'meanSquaredError' },
    guard: { nonFinite },
    training: { batchSize: 50, steps: 60 }
  })

test('non-finite gradients stop the run, name the layer, and never reach a weight', async () => {
  const { events, ended } = await sit({ experiment: exploding('stop') })
  const [guard] = eventsOf(events, 'guard')
  expect(guard).toMatchObject({ action: 'stop', layer: expect.stringMatching(/^dense_\d$/) as string })
  expect(ended?.summary).toMatchObject({ stopped: 'guard', steps: guard.step })
  expect(ended?.summary.findings.at(-1)).toMatchObject({
    kind: 'nonFinite',
    layer: expect.stringMatching(/^dense_\d$/) as string,
    step: guard.step,
    severity: 'critical'
  })
  const { tensors } = await readSafetensors(join(folder, 'model/weights.safetensors'))
  expect(tensors.every(({ values }) => values.every(Number.isFinite))).toBe(true)
  const last = events.findLast((event) => event.type === 'steps')
  const flags =
    last?.type === 'steps'
      ? last.batch.values[(last.batch.count - 1) * last.batch.width + columnOf('flags')]
      : 0
  expect(flags & StepFlag.refused).toBe(StepFlag.refused)
})

test('a run told to skip goes on behind refused steps, but not for ever', async () => {
  const { events, ended } = await sit({ experiment: exploding('skip') })
  const guards = eventsOf(events, 'guard')
  expect(guards.length).toBe(50)
  expect(guards.map(({ action }) => action)).toEqual([...Array<string>(49).fill('skip'), 'stop'])
  expect(ended?.summary.findings.filter(({ kind }) => kind === 'nonFinite').length).toBe(1)
})

test('epochs added to a finished run give the weights of a longer run', async () => {
  const whole = nextFolder()
  await sit({ experiment: experimentOf({ training: { batchSize: 50, epochs: 3 } }), into: whole })
  await sit({ experiment: experimentOf() })
  const { ended } = await sit({ moreEpochs: 1 })
  expect(ended?.summary).toMatchObject({ epochs: 3, stopped: 'completed' })
  expect(await weightsIn(folder)).toEqual(await weightsIn(whole))
})

test('early stopping ends the run and puts the best weights back', async () => {
  const stopEarly = { monitor: 'validation.loss', patience: 2, minDelta: 1 } as const
  const { events, ended } = await sit({
    experiment: experimentOf({
      gradients: [{ use: 'adam', rate: 0.5 }],
      training: { batchSize: 50, epochs: 20, stopEarly }
    })
  })
  const epochs = eventsOf(events, 'epoch')
  expect(ended?.summary.stopped).toBe('early')
  expect(epochs.length).toBeLessThan(20)
  const best = Math.min(...epochs.map(({ scores }) => scores.validation?.loss ?? Infinity))
  const within = epochs.filter(({ scores }) => (scores.validation?.loss ?? 0) <= best + 1)
  expect(within.map(({ scores }) => scores.validation?.loss)).toContain(ended?.summary.validation?.loss)
})

test('of old checkpoints only the newest stay', async () => {
  await sit({ experiment: experimentOf({ training: { batchSize: 50, epochs: 5 } }) })
  expect(await listCheckpoints(folder)).toEqual([20, 25])
})

test('a damaged newest checkpoint costs only the steps since the one before', async () => {
  const whole = nextFolder()
  await sit({ experiment: experimentOf({ training: { batchSize: 50, epochs: 3 } }), into: whole })
  await sit({ experiment: experimentOf() })
  writeFileSync(join(folder, 'checkpoints/step-000000010.safetensors'), 'torn')
  const { events } = await sit({ moreEpochs: 1 })
  expect(eventsOf(events, 'started')[0].resumedFrom).toBe(5)
  expect(eventsOf(events, 'passedOver').map(({ step, message }) => [step, message])).toEqual([
    [5, { key: 'training.passedOver', values: { lost: 10, step: 5, problem: '4 bytes' } }]
  ])
  expect(await weightsIn(folder)).toEqual(await weightsIn(whole))
})

test('a stored run is evaluated, predicts, and hands out its weights', async () => {
  const { service, ended } = await sit({ experiment: experimentOf() })
  const { scores } = await service.handlers.evaluate({ folder, dataset })
  expect(scores).toEqual({
    train: ended?.summary.train,
    validation: ended?.summary.validation,
    test: ended?.summary.test
  })
  const artifact = await service.handlers.artifact({ folder, dataset, samples: 5 })
  expect(artifact.tensors).toEqual(await weightsIn(folder))
  const { outputs, size } = await service.handlers.predict({
    folder,
    dataset,
    count: 5,
    features: artifact.samples
  })
  const sums = Array.from({ length: 5 }, (_, i) =>
    outputs.slice(i * size, (i + 1) * size).reduce((a, b) => a + b)
  )
  sums.forEach((sum) => expect(sum).toBeCloseTo(1, 5))
})

test('a model that does not fit the data is refused before anything is written', async () => {
  const service = createTrainingService(startEngine, () => {})
  const experiment = experimentOf({ model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 7 }] } })
  await expect(service.handlers.train({ folder, dataset, experiment })).rejects.toMatchObject({
    key: 'model.outputClasses'
  })
  expect(readdirSync(folder)).toEqual([])
})

test('a second trainer is kept out of a run folder', async () => {
  const second = createTrainingService(startEngine, () => {})
  let refused: Promise<unknown> | undefined
  await sit({ experiment: experimentOf() }, (event) => {
    if (lastStepOf(event) >= 1)
      refused ??= Promise.resolve(second.handlers.train({ folder, dataset })).catch((error: unknown) => error)
  })
  expect(await refused).toMatchObject({ key: 'storage.locked' })
})
