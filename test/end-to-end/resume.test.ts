import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { randomFrom } from '#contract/random'
import { makeHome, preset, ROOT, steadygrad, type Home, type Outcome } from './product'

let home: Home
beforeAll(() => (home = makeHome()))
afterAll(() => home.remove())

/** Kills of one run; the first one comes before there is a checkpoint. */
const KILLS = 6
/** 57 steps an epoch, as long as the batch size is not changed. */
const EPOCHS = 4 * KILLS
const STEPS = 57 * EPOCHS

/** The digits, longer and with a dropout; every 97th batch is beyond 32 bits, and the run goes back for it. */
function writeExperiment(): string {
  const file = join(home.folder, 'digits.json')
  const { model, training, data, ...rest } = JSON.parse(
    readFileSync(preset('digits-mlp'), 'utf8')
  ) as ExperimentInput
  const layers = [...model.layers.slice(0, -1), { use: 'dropout', rate: 0.2 }, ...model.layers.slice(-1)]
  const longer = {
    ...rest,
    data: { ...data, faults: [{ use: 'scaleBatch', every: 97, by: 1e38 }] },
    model: { layers },
    training: { ...training, epochs: EPOCHS },
    guard: { nonFinite: 'rollback', retries: 100 }
  }
  writeFileSync(file, JSON.stringify(longer))
  return file
}

/** What is changed when a run goes on for the so manyth time. */
const CHANGES = [
  (random: number) => `gradients.1.rate=${0.001 + random / 100}`,
  (random: number) => `gradients.0.max=${0.1 + random}`,
  (random: number) => `training.batchSize=${16 + Math.floor(random * 32)}`
]

const lastLine = ({ lines }: Outcome): Record<string, never> => lines[lines.length - 1]
const weightsOf = (run: string): Buffer => readFileSync(join(run, 'model/weights.safetensors'))

/** Folder of the only run that has been begun and not ended. */
function unfinishedRun(): string {
  const runs = join(home.folder, 'runs')
  const open = readdirSync(runs).filter((name) => !existsSync(join(runs, name, 'model')))
  expect(open.length).toBe(1)
  return join(runs, open[0])
}

/** A run as it was before its first step, that knows at which steps the other one was changed. */
function neverInterrupted(run: string): string {
  const folder = `${run}-whole`
  mkdirSync(folder)
  for (const name of ['experiment.json', 'preparation.json'])
    copyFileSync(join(run, name), join(folder, name))
  const changes = logOf(run).filter(({ type }) => type === 'changed')
  writeFileSync(join(folder, 'events.jsonl'), changes.map((change) => `${JSON.stringify(change)}\n`).join(''))
  return folder
}

const logOf = (run: string): Record<string, unknown>[] =>
  readFileSync(join(run, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** What the guard did in a run, and when. */
const refusalsOf = (run: string): unknown[] =>
  logOf(run).flatMap(({ type, step, action, rollback }) =>
    type === 'guard' ? [{ step, action, rollback }] : []
  )

/** Trains, and kills the trainer as soon as it tells of a step, or of its start. */
async function trainAndKill(parameters: string[], step: number): Promise<Outcome> {
  let trainer = 0
  return steadygrad(home, parameters, (line) => {
    const told = line.startsWith('{"') ? (JSON.parse(line) as Record<string, number | string>) : {}
    if (told.type === 'started') trainer = told.processId as number
    if (!trainer || !((told.step as number) >= step)) return
    try {
      process.kill(trainer, 'SIGKILL')
    } catch (error) {
      // It has ended by itself, or by the line before.
      expect((error as NodeJS.ErrnoException).code).toBe('ESRCH')
    }
  })
}

test('the same seed gives the same bytes in two processes', async () => {
  const experiment = ['train', writeExperiment(), '--json']
  const [first, second] = [await steadygrad(home, experiment), await steadygrad(home, experiment)]
  expect(weightsOf(lastLine(second).run).equals(weightsOf(lastLine(first).run))).toBe(true)
})

/** A small network with everything that draws random numbers. */
function writeRandom(): string {
  const file = join(home.folder, 'random.json')
  const experiment: ExperimentInput = {
    version: 1,
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      augment: [
        { use: 'shift', by: 0.1 },
        { use: 'noise', stddev: 3 },
        { use: 'elastic', strength: 1 },
        { use: 'mixup', alpha: 0.2 }
      ],
      split: { validation: 0.2 },
      limit: { train: 80, test: 20 }
    },
    model: {
      initialize: { use: 'lsuv' },
      layers: [
        { use: 'flatten' },
        { use: 'dense', units: 8, activation: 'relu' },
        { use: 'gaussianNoise', stddev: 0.1 },
        { use: 'dropout', rate: 0.3 },
        { use: 'dense', units: 10 }
      ]
    },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'noise' }, { use: 'adam', rate: 0.01 }],
    training: { batchSize: 24, steps: 6 }
  }
  writeFileSync(file, JSON.stringify(experiment))
  return file
}

/** Everything that a run has kept, without the moment when it was written: weights, state of the chain. */
function stateIn(run: string): string {
  const folder = join(run, 'checkpoints')
  const bytes = readFileSync(join(folder, readdirSync(folder).sort().at(-1) as string))
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE())).toString('base64')
}

// A graph is handed to TensorFlow in a file: where none can be written, steps run kernel after kernel.
const eagerly = { TMPDIR: join(ROOT, 'package.json') }

test.each([
  ['native-cpu', {}, true],
  ['native-cpu', eagerly, false],
  ['wasm', {}, false],
  ['cpu', {}, false]
])(
  'whatever draws random numbers draws the same in two processes on %s with %j',
  async (engine, extra, compiled) => {
    const parameters = ['train', writeRandom(), '--set', `engine.use=${engine}`, '--json']
    const runs = [
      await steadygrad(home, parameters, undefined, extra),
      await steadygrad(home, parameters, undefined, extra)
    ]
    const [first, second] = runs.map(lastLine)
    expect(first).toMatchObject({ stopped: 'completed', engine, compiled })
    expect(stateIn(second.run)).toBe(stateIn(first.run))
    const other = await steadygrad(home, [...parameters, '--set', 'seed=2'], undefined, extra)
    expect(stateIn(lastLine(other).run)).not.toBe(stateIn(first.run))
  }
)

test('kill -9 at moments of all kinds, with live changes and rollbacks between, changes no bit of the weights', async () => {
  const random = randomFrom('kill')
  let outcome = await trainAndKill(['train', writeExperiment(), '--json'], 0)
  const run = unfinishedRun()
  let kills = outcome.code === 1 ? 1 : 0
  for (let kill = 1; kill < KILLS && outcome.code !== 0; kill++) {
    const change = CHANGES[kill % CHANGES.length](random())
    const step = (STEPS * (kill - 0.5 + random() / 2)) / KILLS
    outcome = await trainAndKill(['train', '--resume', run, '--set', change, '--json'], step)
    if (outcome.code !== 0) kills++
  }
  if (outcome.code !== 0) outcome = await steadygrad(home, ['train', '--resume', run, '--json'])
  expect(kills).toBeGreaterThanOrEqual(KILLS / 2)
  expect(lastLine(outcome)).toMatchObject({ stopped: 'completed', epochs: EPOCHS })

  const whole = neverInterrupted(run)
  const reference = await steadygrad(home, ['train', '--resume', whole, '--json'])
  const { stopped, steps, refused, rollbacks } = lastLine(outcome)
  expect(lastLine(reference)).toMatchObject({ stopped, steps, refused, rollbacks })
  expect(rollbacks).toBeGreaterThan(3)
  expect(refusalsOf(whole)).toEqual(refusalsOf(run))
  expect(weightsOf(whole).equals(weightsOf(run))).toBe(true)
})
