import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { gradientStep } from '#contract/vocabulary'
import { startEngine } from '../../src-main/engine/backends'
import { compileOver, type ProgramFunction } from '../../src-main/engine/compile/compiler'
import { buildChain, type Chain } from '../../src-main/gradients/chain'
import { withoutPrefix, withPrefix } from '../../src-main/gradients/tensors'
import { settle } from '../../src-main/training/settle'
import { chainCases, chainTable, optimizerOracle, tensorsOf } from '../oracles/chains'
import { relativeError, valuesOf } from '../oracles/closeness'

beforeAll(async () => void (await startEngine('native-cpu')))

/** TensorFlow's own operations round in another order than Keras and PyTorch do. */
const TOLERANCE = 1e-5

/** The end of a step, whose gradients are fed: the chain, the guard, and the write, fused where there is a fused form. */
const programOf =
  (chain: Chain): ProgramFunction =>
  (state, given) => {
    const settled = settle(chain, ['kernel', 'bias'], {
      loss: tf.scalar(1),
      gradients: withoutPrefix('raw', given),
      parameters: withoutPrefix('parameters', state),
      state: withoutPrefix('chainState', state),
      fed: given as Record<string, tf.Scalar>,
      seed: tf.tensor1d([1, 2], 'int32')
    })
    return {
      outputs: [settled.norms.update],
      state: {
        ...withPrefix('parameters', settled.parameters),
        ...withPrefix('chainState', settled.state)
      },
      accepted: settled.accepted
    }
  }

test.each(chainCases)('compiled, $named goes the way of $madeBy for ten steps', ({ chain: words, path }) => {
  const { shapes, initial, gradients } = optimizerOracle
  const steps = words.map((word) => gradientStep.parse(word))
  const chain = buildChain(steps, chainTable)
  tf.tidy(() => {
    const tensors = tensorsOf(initial)
    const compiled = compileOver({
      ...withPrefix('parameters', tensors),
      ...withPrefix('chainState', chain.init(tensors))
    })
    const program = programOf(chain)
    gradients.forEach((gradient, step) => {
      const raw = Object.entries(gradient).map(
        ([name, list]) => [name, { shape: shapes[name], values: Float32Array.from(list) }] as const
      )
      const fed = {
        ...chain.scalars({ step, updates: step, epoch: 0, stepsPerEpoch: 1 }, steps),
        ...withPrefix('raw', Object.fromEntries(raw))
      }
      if (!compiled.has('step')) compiled.trace('step', fed, program)
      compiled.run('step', fed)
      const weights = withoutPrefix('parameters', compiled.read())
      const errors = Object.entries(path[step]).map(([name, expected]) =>
        relativeError(valuesOf(weights[name]), expected)
      )
      expect(Math.max(...errors)).toBeLessThanOrEqual(TOLERANCE)
    })
    compiled.dispose()
  })
})
