import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import type { EngineChoice } from '#contract/engine'
import type { ParameterTable } from '#contract/model'
import { randomFrom } from '#contract/random'
import { gradientStep, optimizers, transforms, type GradientStep } from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import { buildChain } from '../../src-main/gradients/chain'
import type { Tensors } from '../../src-main/gradients/transform'
import { relativeError, valuesOf } from '../oracles/closeness'

const STEPS = 4
const about: ParameterTable = (['kernel', 'bias'] as const).map((role) => ({
  name: role,
  layer: 'dense_1',
  role,
  shape: role === 'kernel' ? [4, 3] : [3],
  fanIn: 4,
  fanOut: 3,
  isOutput: false
}))
const options: Partial<Record<string, object>> = {
  zClip: { warmup: 2, deviations: 0.1 },
  adaGc: { warmup: 2, absolute: 2 },
  spam: { reset: 3, warmup: 1, spared: 0, theta: 2 },
  adaptiveClip: { ratio: 0.3 }
}
// Engines draw random numbers of their own.
const transformWords = Object.keys(transforms).filter((use) => use !== 'noise')
const wordOf = (use: string): GradientStep => gradientStep.parse({ use, ...options[use] })
const chains = [
  ...transformWords.map((use) => [
    use.startsWith('clipBy') ? gradientStep.parse({ use, max: 0.5 }) : wordOf(use),
    gradientStep.parse({ use: 'sgd', rate: 0.1 })
  ]),
  ...Object.keys(optimizers).map((use) => [gradientStep.parse({ use, rate: 0.1, ...options[use] })])
]

/** What all chains make of the same gradients on an engine: updates and states of every step. */
async function runOn(engine: EngineChoice): Promise<number[][]> {
  await startEngine(engine)
  return chains.map((steps) =>
    tf.tidy(() => {
      const random = randomFrom('engines')
      const draw = (): Tensors =>
        Object.fromEntries(
          about.map(({ name, shape }) => {
            const values = Array.from({ length: shape.reduce((a, b) => a * b) }, () => 2 * random() - 1)
            return [name, tf.tensor(values, shape)]
          })
        )
      const chain = buildChain(steps, about)
      const parameters = draw()
      let state = chain.init(parameters)
      return Array.from({ length: STEPS }, (_, step) => {
        const numbers = chain.scalars({ step, updates: step, epoch: 0, stepsPerEpoch: 1 }, steps)
        const fed = Object.fromEntries(
          Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)])
        )
        const result = chain.update(draw(), state, parameters, fed, tf.tensor1d([1, step], 'int32'))
        state = result.state
        return [...Object.values(result.updates), ...Object.values(state)].flatMap(valuesOf)
      }).flat()
    })
  )
}

test('every transform and every optimizer does on every engine what it does in JavaScript', async () => {
  const expected = await runOn('cpu')
  for (const engine of ['wasm', 'native-cpu'] as const) {
    const found = await runOn(engine)
    chains.forEach((steps, index) =>
      expect(relativeError(found[index], expected[index]), `${engine} ${JSON.stringify(steps)}`).toBeLessThan(
        1e-5
      )
    )
  }
})
