import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { layer as layerSchema } from '#contract/vocabulary'
import { buildModel, type Model } from '../../../src-main/models/build'
import type { Mode } from '../../../src-main/models/layer'
import { expectClose, valuesOf } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'

interface Numbers {
  shape: number[]
  values: number[]
}
interface Case {
  layer: { use: string }
  input: Numbers
  parameters: Record<string, Numbers>
  cotangent: Numbers
  output: Numbers
  /** Absent where the input is codes. */
  inputGradient?: Numbers
  gradients: Record<string, Numbers>
  state?: Record<string, Numbers>
  newState?: Record<string, Numbers>
  inference?: Numbers
}

const { layers } = JSON.parse(
  readFileSync(new URL('../../oracles/layers.json', import.meta.url), 'utf8')
) as { layers: Case[] }
const tensorOf = ({ shape, values }: Numbers): tf.Tensor => tf.tensor(values, shape)
const named = (tensors: Record<string, Numbers> = {}): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([role, numbers]) => [`layer/${role}`, tensorOf(numbers)]))

const modelOf = ({ layer, input }: Case): Model =>
  buildModel([layerSchema.parse({ name: 'layer', ...layer })], input.shape.slice(1))
const training = (): Mode => ({ training: true, seed: tf.tensor1d([1, 2], 'int32') })

beforeAll(startCpu)

describe.each(layers.map((each) => [JSON.stringify(each.layer), each] as const))('%s', (_, oracle) => {
  const model = modelOf(oracle)

  test('gives what Keras gives', () => {
    const { outputs } = model.apply(
      tensorOf(oracle.input),
      named(oracle.parameters),
      named(oracle.state),
      {},
      training()
    )
    expect(outputs.shape).toEqual(oracle.output.shape)
    expect(model.outputShape).toEqual(oracle.output.shape.slice(1))
    expectClose(outputs, oracle.output.values, 1e-5)
  })

  test('passes back the gradients that Keras passes back', () => {
    const parameters = named(oracle.parameters)
    const names = Object.keys(parameters)
    const cotangent = tensorOf(oracle.cotangent)
    const state = named(oracle.state)
    const mode = training()
    const towards = tf.grads((x: tf.Tensor, ...values: tf.Tensor[]) => {
      const own = Object.fromEntries(names.map((name, index) => [name, values[index]]))
      return tf.sum(tf.mul(model.apply(x, own, state, {}, mode).outputs, cotangent))
    })
    const [inputGradient, ...gradients] = towards([tensorOf(oracle.input), ...Object.values(parameters)])
    expectClose(inputGradient, oracle.inputGradient?.values ?? valuesOf(tf.zerosLike(inputGradient)), 1e-4)
    names.forEach((name, index) => {
      expectClose(gradients[index], oracle.gradients[name.slice('layer/'.length)].values, 1e-4)
    })
  })
})

const stateful = layers.filter(({ state }) => state !== undefined)
describe.each(stateful.map((each) => [JSON.stringify(each.layer), each] as const))('%s', (_, oracle) => {
  test('keeps what Keras keeps, and uses it outside training', () => {
    const model = modelOf(oracle)
    const x = tensorOf(oracle.input)
    const parameters = named(oracle.parameters)
    const trained = model.apply(x, parameters, named(oracle.state), {}, training()).state
    const expected = named(oracle.newState)
    expect(Object.keys(trained)).toEqual(Object.keys(expected))
    for (const [name, tensor] of Object.entries(expected)) expectClose(trained[name], valuesOf(tensor), 1e-5)

    const used = model.apply(x, parameters, trained, {}, { training: false })
    expectClose(used.outputs, oracle.inference?.values ?? [], 1e-5)
    expect(used.state).toEqual(trained)
  })
})
