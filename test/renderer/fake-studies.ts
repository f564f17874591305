import { expandStudy, parseStudy } from '#contract/expand-study'
import type { ShippedStudy, StudyCell, StudyInput, StudyResult, StudyRun } from '#contract/study'

const SEEDS = [1, 2]
const STEPS = 100

const network = {
  version: 1,
  data: { source: { use: 'mnist' }, prepare: [{ use: 'scale', by: 1 / 255 }] },
  model: {
    layers: [
      { use: 'flatten' },
      { use: 'dense', units: 100, activation: 'relu', initializer: { use: 'glorotNormal' } },
      { use: 'dense', units: 10 }
    ]
  },
  loss: { use: 'softmaxCrossEntropy' },
  gradients: [{ use: 'sgd', rate: 0.1 }],
  training: { batchSize: 128, steps: STEPS }
}

const activations: StudyInput = {
  version: 1,
  name: 'activations',
  base: 'base.json',
  vary: [
    {
      name: 'activation',
      cases: ['relu', 'sigmoid'].map((label) => ({ label, set: { 'model.layers.*.activation': label } }))
    },
    {
      name: 'initializer',
      cases: (
        [
          ['Glorot', { use: 'glorotNormal' }],
          ['N(0, 1)', { use: 'randomNormal', mean: 0, stddev: 1 }]
        ] as const
      ).map(([label, initializer]) => ({ label, set: { 'model.layers.1.initializer': initializer } }))
    },
    {
      name: 'depth',
      cases: [1, 2, 4].map((depth) => ({ label: String(depth), repeat: { 'model.layers.1': depth } }))
    }
  ],
  seeds: SEEDS
}
const pair: StudyInput = {
  version: 1,
  name: 'relu-vs-sigmoid',
  base: 'base.json',
  vary: [{ name: 'activation', cases: [...(activations.vary[0].cases ?? [])] }],
  seeds: SEEDS
}

/** Factors per layer that a fake network has, by activation and initializer. */
const factors: Record<string, number> = {
  'relu Glorot': 0.5,
  'relu N(0, 1)': 8,
  'sigmoid Glorot': 0.25,
  'sigmoid N(0, 1)': 1,
  relu: 0.5,
  sigmoid: 0.25
}

const made: StudyResult['made'] = {
  at: '2026-01-05T09:30:00.000Z',
  steadygrad: '0.1.0',
  engine: 'native-cpu',
  library: 'TensorFlow 2.21.0',
  threads: 2,
  processor: 'A processor',
  cores: 2,
  load: 3
}

/** One run of a fake cell: each hidden layer multiplies a gradient of 1 by the factor, a little more with each seed. */
function fakeRun(seed: number, factor: number, hidden: number): StudyRun {
  const own = factor * (1 + 0.01 * (seed - 1))
  const guarded = factor > 2
  const score = (accuracy: number) => ({ loss: guarded ? NaN : 1 - accuracy, accuracy })
  return {
    seed,
    stopped: guarded ? 'guard' : 'completed',
    steps: guarded ? 3 : STEPS,
    train: score(0.9 * Math.min(factor, 1)),
    test: score(0.8 * Math.min(factor, 1)),
    stepMilliseconds: 2,
    stepRatio: factor === 0.5 ? 1 : 1.25,
    firstGradient: [...Array.from({ length: hidden }, (_, layer) => own ** (hidden - 1 - layer)), 2],
    ...(hidden > 1 && { multiplier: own }),
    findings: factor < 0.3 ? ['vanishingGradient'] : factor > 2 ? ['explodingGradient', 'nonFinite'] : []
  }
}

function ship(id: string, input: StudyInput): ShippedStudy {
  const study = parseStudy(input)
  const cells = expandStudy(study, network).cells.map(({ labels }): StudyCell => {
    const { depth = '2', ...others } = labels
    const factor = factors[Object.values(others).join(' ')]
    return {
      labels,
      layers: Array.from({ length: Number(depth) + 1 }, (_, index) => `dense_${index + 1}`),
      theoreticalMultiplier: factor,
      runs: SEEDS.map((seed) => fakeRun(seed, factor, Number(depth)))
    }
  })
  return { id, study, base: network, result: { version: 1, study, made, cells } }
}

/** What a workbench ships to learn from; its numbers are made up, so that what is computed from them is known. */
export const fakeStudies: ShippedStudy[] = [ship('activations', activations), ship('relu-vs-sigmoid', pair)]
