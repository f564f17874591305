import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { ParameterTable } from '#contract/model'
import { randomFrom, type Random } from '#contract/random'
import { gradientStep, optimizers } from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import {
  compileOver,
  runPlainly,
  type NamedTensors,
  type ProgramFunction
} from '../../src-main/engine/compile/compiler'
import { buildChain, type Chain } from '../../src-main/gradients/chain'
import { normsIn } from '../../src-main/gradients/guard'
import { withoutPrefix, withPrefix } from '../../src-main/gradients/tensors'
import { settle } from '../../src-main/training/settle'

beforeAll(async () => void (await startEngine('native-cpu')))

const SIZE = 40
const STEPS = 90
const about: ParameterTable = (['kernel', 'bias'] as const).map((role) => ({
  name: `dense_1/${role}`,
  layer: 'dense_1',
  role,
  shape: [SIZE],
  fanIn: 1,
  fanOut: 1,
  isOutput: true
}))
const names = about.map(({ name }) => name)

const chainOf = (options: Record<string, unknown>): [Chain, ReturnType<typeof gradientStep.parse>[]] => {
  const steps = [gradientStep.parse(options)]
  return [buildChain(steps, about), steps]
}

/** What a step does once its gradients are known, which are fed here. */
const programOf =
  (chain: Chain): ProgramFunction =>
  (state, { loss, ...given }) => {
    const settled = settle(chain, names, {
      loss: loss as tf.Scalar,
      gradients: withoutPrefix('raw', given),
      parameters: withoutPrefix('parameters', state),
      state: withoutPrefix('chainState', state),
      fed: given as Record<string, tf.Scalar>,
      seed: tf.tensor1d([1, 2], 'int32')
    })
    return {
      outputs: [tf.concat([tf.cast(tf.reshape(settled.accepted, [1]), 'float32'), settled.norms.update])],
      state: {
        ...withPrefix('parameters', settled.parameters),
        ...withPrefix('chainState', settled.state)
      },
      accepted: settled.accepted
    }
  }

type Lists = Record<string, number[]>
interface Runner {
  run(fed: Parameters<typeof runPlainly>[2]): number[]
  state(): Lists
}
const listed = (tensors: NamedTensors): Lists =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]))

function startOf(chain: Chain): NamedTensors {
  const random = randomFrom('weights')
  const parameters = Object.fromEntries(
    names.map((name) => [name, tf.tensor1d(Array.from({ length: SIZE }, () => random() - 0.5))])
  )
  return { ...withPrefix('parameters', parameters), ...withPrefix('chainState', chain.init(parameters)) }
}

function eagerly(chain: Chain): Runner {
  let state = startOf(chain)
  return {
    run(fed) {
      const result = runPlainly(programOf(chain), state, fed)
      const packed = Array.from(result.outputs[0].dataSync())
      if (packed[0] === 1) state = { ...state, ...result.state }
      return packed
    },
    state: () => listed(state)
  }
}

function compiled(chain: Chain): Runner {
  const over = compileOver(startOf(chain))
  return {
    run(fed) {
      if (!over.has('step')) over.trace('step', fed, programOf(chain))
      return Array.from(over.run('step', fed)[0].dataSync())
    },
    state: () => listed(over.read())
  }
}

const fedOf = (gradients: (name: string) => Float32Array, scalars: Record<string, number>) => ({
  loss: 1,
  ...scalars,
  ...withPrefix(
    'raw',
    Object.fromEntries(names.map((name) => [name, { shape: [SIZE], values: gradients(name) }]))
  )
})
const power = (random: Random, low: number, high: number): number => 10 ** (low + random() * (high - low))

/** Gradients of any size that 32 bits hold and beyond, some of whose elements are zero or of quite another size. */
function wildGradient(random: Random): Float32Array {
  const size = power(random, -44, random() < 0.7 ? 17 : 39)
  return Float32Array.from({ length: SIZE }, () => {
    const dice = random()
    if (dice < 0.1) return 0
    return (random() - 0.5) * (dice < 0.3 ? power(random, -44, Math.log10(size)) : size)
  })
}

const variants = Object.keys(optimizers).flatMap((use) =>
  [
    {},
    { decay: 0.1 },
    use.startsWith('adam') ? { beta1: 0.99, beta2: 0.9, epsilon: 1e-12 } : { decay: 1e9 }
  ].map((options) => ({ use, ...options }))
)

test.each(variants)(
  'whatever comes, %o writes finite numbers, and the same steps are refused compiled',
  (own) => {
    const random = randomFrom('wild', JSON.stringify(own))
    const [chain] = chainOf({ ...own, rate: 1 })
    tf.tidy(() => {
      const runners = [eagerly(chain), compiled(chain)]
      let updates = 0
      let last = runners[1].state()
      for (let count = 0; count < STEPS; count++) {
        const rate = power(random, -12, random() < 0.7 ? 4 : 39)
        const scalars = chain.scalars({ step: count, updates, epoch: 0, stepsPerEpoch: 1 }, [
          gradientStep.parse({ ...own, rate })
        ])
        const gradients = Object.fromEntries(names.map((name) => [name, wildGradient(random)]))
        const results = runners.map(({ run }) => run(fedOf((name) => gradients[name], scalars)))
        const [[accepted], [wasAccepted]] = results
        expect(wasAccepted, `step ${count}`).toBe(accepted)
        const state = runners[1].state()
        if (accepted) updates++
        else expect(state).toEqual(last)
        last = state
        for (const { state: now } of runners)
          expect(Object.values(now()).flat().every(Number.isFinite), `step ${count}`).toBe(true)
      }
      // Neither nothing nor everything was refused.
      expect(updates).toBeGreaterThan(STEPS / 30)
      expect(updates).toBeLessThan(STEPS)
    })
  }
)

test.each(Object.keys(optimizers).flatMap((use) => [0, 0.01].map((decay) => ({ use, decay }))))(
  '%o goes the same way compiled as kernel after kernel, within 2e-5 over ten steps',
  (own) => {
    const random = randomFrom('usual', JSON.stringify(own))
    const [chain, steps] = chainOf({ ...own, rate: 0.01 })
    tf.tidy(() => {
      const runners = [eagerly(chain), compiled(chain)]
      for (let count = 0; count < 10; count++) {
        const scalars = chain.scalars({ step: count, updates: count, epoch: 0, stepsPerEpoch: 1 }, steps)
        const gradients = Object.fromEntries(
          names.map((name) => [name, Float32Array.from({ length: SIZE }, () => random() - 0.5)])
        )
        const [eager, found] = runners.map(({ run }) => run(fedOf((name) => gradients[name], scalars)))
        expect(distance(found, eager)).toBeLessThan(1e-4)
      }
      const [eager, found] = runners.map(({ state }) => state())
      for (const [name, values] of Object.entries(eager))
        expect(distance(found[name], values), name).toBeLessThan(2e-5)
    })
  }
)

const distance = (a: number[], b: number[]): number =>
  Math.hypot(...a.map((value, index) => value - b[index])) / Math.hypot(...b)

test('numbers whose complement 32 bits do not hold are left to the composed form', () => {
  const isFused = (options: Record<string, unknown>): boolean =>
    chainOf({ ...options, rate: 1 })[0].fused !== undefined
  expect(
    [
      { use: 'adam' },
      { use: 'adam', beta2: 0.99999 },
      { use: 'adam', epsilon: 1e-14 },
      { use: 'nesterov', momentum: 0.99999 }
    ].map(isFused)
  ).toEqual([true, false, false, false])
})

test('where the update of one tensor could overflow, that tensor does not fit, and its norm reads 0', () => {
  const [chain, steps] = chainOf({ use: 'momentum', rate: 1e30 })
  tf.tidy(() => {
    const scalars = chain.scalars({ step: 0, updates: 0, epoch: 0, stepsPerEpoch: 1 }, steps)
    const parameters = withoutPrefix('parameters', startOf(chain))
    const settled = settle(chain, names, {
      loss: tf.scalar(1),
      gradients: { [names[0]]: tf.fill([SIZE], 1e-6), [names[1]]: tf.fill([SIZE], 1e6) },
      parameters,
      state: chain.init(parameters),
      fed: Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
      seed: tf.tensor1d([1, 2], 'int32')
    })
    const read = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync())
    expect([settled.fits, settled.accepted, normsIn(settled.norms.update)].map(read)).toEqual([
      [1, 0],
      [0],
      [0, 0]
    ])
  })
})
