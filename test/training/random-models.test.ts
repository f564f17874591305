import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { randomFrom, type Random } from '#contract/random'
import {
  activations,
  hasMomentum,
  losses,
  optimizers,
  transforms,
  type Layer,
  type Loss
} from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import { buildChain } from '../../src-main/gradients/chain'
import { buildModel } from '../../src-main/models/build'
import { lossOf } from '../../src-main/models/losses'
import { prepareTensors } from '../../src-main/training/prepare-tensors'
import { writePrograms } from '../../src-main/training/program-functions'
import { openPrograms, type Programs } from '../../src-main/training/programs'

beforeAll(async () => void (await startEngine('native-cpu')))

type Drawn = ExperimentInput['model']['layers'][number]
type Draw = (random: Random) => Drawn
const among = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)]
const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))
const bent = (random: Random) => ({ activation: among(random, activations) })
const padded = (random: Random) => ({ padding: among(random, ['valid', 'same'] as const) })

/** Ranks of a sample that a word takes, and how it is drawn; a word that is added is asked for here by the compiler. */
const words: Record<Layer['use'], { ranks: readonly number[]; draw: Draw }> = {
  dense: { ranks: [1], draw: (r) => ({ use: 'dense', units: between(r, 2, 9), ...bent(r) }) },
  conv1d: {
    ranks: [2],
    draw: (r) => ({ use: 'conv1d', filters: between(r, 2, 5), kernelSize: 2, ...padded(r), ...bent(r) })
  },
  conv2d: {
    ranks: [3],
    draw: (r) => ({ use: 'conv2d', filters: between(r, 2, 5), kernelSize: 2, ...padded(r), ...bent(r) })
  },
  depthwiseConv2d: {
    ranks: [3],
    draw: (r) => ({ use: 'depthwiseConv2d', kernelSize: 2, depthMultiplier: between(r, 1, 2), ...bent(r) })
  },
  separableConv2d: {
    ranks: [3],
    draw: (r) => ({ use: 'separableConv2d', filters: 3, kernelSize: 2, ...padded(r), ...bent(r) })
  },
  maxPooling1d: { ranks: [2], draw: (r) => ({ use: 'maxPooling1d', ...padded(r) }) },
  maxPooling2d: { ranks: [3], draw: (r) => ({ use: 'maxPooling2d', ...padded(r) }) },
  averagePooling1d: { ranks: [2], draw: (r) => ({ use: 'averagePooling1d', ...padded(r) }) },
  averagePooling2d: { ranks: [3], draw: (r) => ({ use: 'averagePooling2d', ...padded(r) }) },
  globalAveragePooling1d: { ranks: [2], draw: () => ({ use: 'globalAveragePooling1d' }) },
  globalAveragePooling2d: { ranks: [3], draw: () => ({ use: 'globalAveragePooling2d' }) },
  globalMaxPooling1d: { ranks: [2], draw: () => ({ use: 'globalMaxPooling1d' }) },
  globalMaxPooling2d: { ranks: [3], draw: () => ({ use: 'globalMaxPooling2d' }) },
  flatten: { ranks: [2, 3], draw: () => ({ use: 'flatten' }) },
  reshape: { ranks: [3], draw: () => ({ use: 'reshape', shape: [-1, 2] }) },
  dropout: { ranks: [1, 2, 3], draw: (r) => ({ use: 'dropout', rate: r() / 2 }) },
  gaussianNoise: { ranks: [1, 2, 3], draw: (r) => ({ use: 'gaussianNoise', stddev: r() / 2 }) },
  batchNormalization: { ranks: [1, 2, 3], draw: () => ({ use: 'batchNormalization' }) },
  layerNormalization: { ranks: [1, 2, 3], draw: () => ({ use: 'layerNormalization' }) },
  weightNormalization: {
    ranks: [1],
    draw: (r) => ({ use: 'weightNormalization', layer: { use: 'dense', units: between(r, 2, 5) } })
  },
  embedding: { ranks: [], draw: () => ({ use: 'embedding', inputs: 4, units: 3 }) },
  simpleRnn: { ranks: [2], draw: (r) => ({ use: 'simpleRnn', units: 3, returnSequences: r() < 0.5 }) },
  lstm: { ranks: [2], draw: (r) => ({ use: 'lstm', units: 3, returnSequences: r() < 0.5 }) },
  gru: { ranks: [2], draw: (r) => ({ use: 'gru', units: 3, returnSequences: r() < 0.5 }) },
  activation: { ranks: [1, 2, 3], draw: (r) => ({ use: 'activation', ...bent(r) }) },
  residual: {
    ranks: [1],
    draw: (r) => ({
      use: 'residual',
      shortcut: 'projection',
      layers: [{ use: 'dense', units: 4, ...bent(r) }]
    })
  }
}

/** A first word, then up to three more that fit, then what a classifier of three classes ends with. */
function drawModel(random: Random, first: Layer['use']): { shape: number[]; layers: Drawn[] } {
  const [rank] = first === 'embedding' ? [0] : [among(random, words[first].ranks)]
  const shape = [[7], [5], [6, 4], [6, 6, 2]][rank]
  const layers = [words[first].draw(random)]
  const planned = (): readonly number[] => {
    const { layers: parsed } = parseExperiment(experimentOf(layers)).model
    return buildModel(parsed, shape).outputShape
  }
  for (let more = between(random, 0, 3); more > 0; more--) {
    const fitting = Object.values(words).filter(({ ranks }) => ranks.includes(planned().length))
    const before = layers.length
    layers.push(among(random, fitting).draw(random))
    try {
      planned()
    } catch {
      // A window larger than what is left, or numbers that do not divide: another word has to do.
      layers.length = before
    }
  }
  if (planned().length > 1) layers.push({ use: 'flatten' })
  return { shape, layers: [...layers, { use: 'dense', units: 3 }] }
}

const experimentOf = (
  layers: Drawn[],
  rest: Partial<Pick<ExperimentInput, 'gradients' | 'loss'>> = {}
): ExperimentInput => ({
  version: 1,
  data: { source: { use: 'digits' } },
  model: { layers },
  loss: { use: 'softmaxCrossEntropy' },
  gradients: [{ use: 'sgd', rate: 0.01 }],
  training: { batchSize: 4, steps: 5 },
  ...rest
})

/** A transform that bites at once, and changes what it does within a few steps. */
const transform = (use: keyof typeof transforms) => {
  const options: Partial<Record<string, object>> = {
    clipByValue: { max: 1 },
    clipByNorm: { max: 1 },
    clipByGlobalNorm: { max: 1 },
    zClip: { warmup: 2, deviations: 0.1 },
    adaGc: { warmup: 2 }
  }
  return { use, ...options[use] }
}

/** An optimizer whose rate changes from step to step, and its momentum where it has one. */
const optimizer = (use: keyof typeof optimizers, decay: number) => {
  const cycle = { use: 'oneCycle', rate: 0.01, over: 5, rise: 0.5, unit: 'steps' } as const
  const word = optimizers[use].parse({ use, rate: cycle, decay })
  return hasMomentum(word) ? { ...word, rate: { ...cycle, cycleMomentum: true } } : word
}

const optimizerWords = Object.keys(optimizers) as (keyof typeof optimizers)[]
const transformWords = Object.keys(transforms) as (keyof typeof transforms)[]
const kinds = ['train', 'evaluate', 'gradients', 'measure'] as const
const lossWords = Object.keys(losses) as Loss['use'][]
const cases = (Object.keys(words) as Layer['use'][]).map((word, index) => [index, word] as const)

test.each(cases)(
  'model %i, drawn around %s, gives over 5 steps what it gives kernel after kernel',
  (seed, word) => {
    const random = randomFrom('model', seed)
    const { shape, layers } = drawModel(random, word)
    const gradients = [
      transform(transformWords[seed % transformWords.length]),
      optimizer(optimizerWords[seed % optimizerWords.length], seed % 2 ? 0.01 : 0)
    ] as ExperimentInput['gradients']
    const loss = { use: lossWords[seed % lossWords.length] }
    const experiment = parseExperiment(experimentOf(layers, { gradients, loss }))
    const plan = { version: 1 as const, sampleShape: shape, shape, features: [], cleaned: [] }

    const train = (mayCompile?: false): { programs: Programs; results: number[][] } => {
      const model = buildModel(experiment.model.layers, shape)
      const chain = buildChain(experiment.gradients, model.parameters)
      const parameters = model.initialParameters(seed)
      const task = {
        model,
        loss: lossOf(experiment.loss, true),
        prepare: prepareTensors(plan),
        // Beyond it some of the steps are refused.
        maxUpdateRatio: seed % 3 === 0 ? 0.02 : undefined
      }
      const programs = openPrograms({
        functions: writePrograms({ ...task, classes: ['a', 'b', 'c'] }, chain),
        sampleShape: shape,
        state: { parameters, layerState: model.initialState(), chainState: chain.init(parameters) },
        mayCompile,
        // All in one graph, so that it is loaded once.
        expected: () => kinds.map((kind) => ({ kind, ...batchOf(0) }))
      })
      const size = shape.reduce((product, length) => product * length, 4)
      const batchOf = (count: number) => {
        const clock = { step: count, updates: count, epoch: 0, stepsPerEpoch: 5 }
        const batches = randomFrom('batches', seed, count)
        const features = Float32Array.from({ length: size }, () =>
          word === 'embedding' ? Math.floor(batches() * 4) : batches()
        )
        const batch = { count: 4, features, targets: Int32Array.of(0, 1, 2, 0), seed: [seed, count] as const }
        const scalars = {
          ...chain.scalars(clock, experiment.gradients),
          ...model.scalars(experiment.model.layers)
        }
        return { batch, scalars }
      }
      const results = Array.from({ length: 5 }, (_, count) => {
        const { batch, scalars } = batchOf(count)
        const taken = programs.gradients(batch, scalars)
        tf.dispose(taken.gradients)
        const norms = Object.values(taken.norms).map(({ scale, rest }) => scale * rest)
        const packed = programs.train(batch, scalars)
        const measures = programs.measure(batch, scalars)
        const results = [...packed.subarray(0, 2), programs.evaluate(batch, true).loss, Math.hypot(...norms)]
        return [...results, measures.length]
      })
      return { programs, results }
    }
    const compiled = train()
    const eager = train(false)
    const told = JSON.stringify({ layers, gradients, loss })
    expect(compiled.programs.reasons, told).toEqual({})
    compiled.results.forEach(([accepted, ...found], count) => {
      const [wasAccepted, ...expected] = eager.results[count]
      expect(accepted, told).toBe(wasAccepted)
      found.forEach((value, index) => {
        const most = 1e-3 * Math.max(1, Math.abs(expected[index]))
        expect(Math.abs(value - expected[index]), told).toBeLessThanOrEqual(most)
      })
    })
    compiled.programs.dispose()
    eager.programs.dispose()
  }
)
