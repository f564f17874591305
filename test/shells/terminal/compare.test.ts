import { afterEach, beforeEach, expect, test } from 'vitest'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createFakeWorld,
  experiment,
  settle,
  trainWhole,
  type FakeTrainer,
  type FakeWorld
} from '../../application/fake-ports'
import { callTerminal } from './call'

let ports: FakeWorld
let folder: string
/** Ctrl+C in the command that was called last. */
let interrupt: () => void

beforeEach(async () => {
  ports = await createFakeWorld()
  ports.script.onTrain = train
  folder = join(ports.paths.library, '..', 'work')
  await mkdir(folder)
  await write('one.json', experiment)
  await write('two.json', { ...experiment, gradients: [{ use: 'adam', rate: 0.01 }] })
  await write('study.json', study)
})
afterEach(() => ports.remove())

const study = {
  version: 1,
  name: 'batches',
  base: 'one.json',
  vary: [
    { name: 'batch', cases: [{ label: 'small' }, { label: 'large', set: { 'training.batchSize': 64 } }] }
  ],
  seeds: 2
}
const write = (name: string, value: unknown): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(value))

/** Every other experiment gets better. */
const train = (trainer: FakeTrainer, { folder }: { folder: string }): void =>
  void settle().then(() => {
    const accuracy = trainer.asked.length % 4 === 0 ? 0.9 : 0.8
    return trainWhole(trainer, folder, 'completed', { test: { loss: 0.5, accuracy } })
  })

interface Ended {
  code: number
  out: string
  err: string
  lines: Record<string, unknown>[]
}
async function compare(words: string): Promise<Ended> {
  const called = callTerminal(`compare ${words}`, folder, ports)
  interrupt = called.interrupt
  const code = await called.code
  return { code, out: called.out(), err: called.err(), lines: words.includes('--json') ? called.lines() : [] }
}

test('several experiments are the cells of one axis, named as their files, each trained with three seeds', async () => {
  const { code, lines } = await compare('one.json two.json --json')
  expect(code).toBe(0)
  expect(lines.slice(0, -1)).toMatchObject([
    { type: 'run', labels: { experiment: 'one' }, seed: 1, done: 1, of: 6 },
    { type: 'run', labels: { experiment: 'two' }, seed: 1, done: 2, of: 6 },
    { type: 'run', labels: { experiment: 'one' }, seed: 2, done: 3, of: 6 },
    { type: 'run', labels: { experiment: 'two' }, seed: 2, done: 4, of: 6 },
    { type: 'run', labels: { experiment: 'one' }, seed: 3, done: 5, of: 6 },
    { type: 'run', labels: { experiment: 'two' }, seed: 3, done: 6, of: 6 }
  ])
  const tasks = ports.trainers[0].asked.filter(({ name }) => name === 'train')
  expect(tasks[1].input).toMatchObject({ experiment: { gradients: [{ use: 'adam' }], seed: 1 } })
})

test('the last line for programs is a summary with every cell, its runs, and their mean and spread', async () => {
  const { lines } = await compare('study.json --json')
  expect(lines.at(-1)).toMatchObject({
    type: 'summary',
    version: 1,
    made: { steadygrad: ports.version, engine: 'native-cpu' },
    cells: [
      {
        labels: { batch: 'small' },
        layers: ['dense_1', 'dense_2', 'dense_3'],
        runs: [{ seed: 1 }, { seed: 2 }],
        means: {
          testLoss: { count: 2, mean: 0.5, deviation: 0, min: 0.5, max: 0.5 },
          multiplier: { mean: 0.5 }
        }
      },
      { labels: { batch: 'large' } }
    ]
  })
})

test('people get one table with a row for each cell', async () => {
  const { out } = await compare('study.json')
  const [head, ...rows] = out.split('\n')
  expect(head).toMatch(/^batch +train loss +train accuracy +test loss +test accuracy +ms per step/)
  expect(rows[0]).toMatch(/^small +0\.1 ± 0 +97\.0 ± 0\.0 % +0\.5 ± 0 +80\.0 ± 0\.0 % /)
  expect(rows[1]).toMatch(/^large .* 90\.0 ± 0\.0 % /)
})

test('--seeds takes the place of the seeds of the study, and --out of the library', async () => {
  const { lines } = await compare('study.json --seeds 1 --out runs --json')
  expect(lines).toHaveLength(3)
  expect(await readdir(join(folder, 'runs'))).toHaveLength(3)
})

test('Ctrl+C ends it with 130, and the same command goes on with what is left', async () => {
  ports.script.onTrain = (trainer, task) => {
    if (trainer.asked.filter(({ name }) => name === 'train').length < 3) return train(trainer, task)
    void settle().then(() => interrupt())
  }
  const { code, err } = await compare('study.json')
  expect(code).toBe(130)
  expect(err).not.toContain('bug')
  ports.script.onTrain = train
  ports.trainers.length = 0
  expect((await compare('study.json')).code).toBe(0)
  expect(ports.trainers[0].asked.filter(({ name }) => name === 'train')).toHaveLength(2)
})

test('a run that breaks off by a fault of the program ends it with 1, one without an engine with 4', async () => {
  ports.script.onTrain = (trainer) =>
    void settle().then(() => trainer.fail({ key: 'training.bug', values: { problem: 'x' } }, 'bug', 'at x'))
  expect((await compare('study.json')).code).toBe(1)
  ports.script.onTrain = (trainer) => void settle().then(() => trainer.fail({ key: 'run.closing' }, 'engine'))
  expect((await compare('study.json')).code).toBe(4)
})

test.each([
  ['', 'compare needs <experiments or study>'],
  ['one.json study.json', 'study.json is a study; it must be the only one that is compared.'],
  ['study.json --seeds 0', '--seeds'],
  ['nothing.json', 'There is no experiment file nothing.json'],
  ['bad.json', 'The cell “batch = small” is refused: training must have exactly one of epochs and steps.']
])('“compare %s” is refused with a sentence', async (line, sentence) => {
  await write('bad.json', { ...study, base: { ...experiment, training: { batchSize: 32 } } })
  const { code, err } = await compare(line)
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(sentence) as string })
  expect(ports.trainers).toEqual([])
})
