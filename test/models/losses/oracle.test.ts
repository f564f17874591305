import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { loss as lossSchema } from '#contract/vocabulary'
import { lossOf } from '../../../src-main/models/losses'
import { expectClose } from '../../oracles/closeness'
import { startCpu } from '../../oracles/cpu'

interface Numbers {
  shape: number[]
  values: number[]
}
interface Case {
  loss: { use: string }
  outputs: Numbers
  targets: Numbers
  areClasses: boolean
  sampleWeights?: Numbers
  value: number
  gradient: Numbers
}

const { losses } = JSON.parse(
  readFileSync(new URL('../../oracles/layers.json', import.meta.url), 'utf8')
) as { losses: Case[] }

beforeAll(startCpu)

const titleOf = ({ loss, targets, outputs, sampleWeights }: Case): string =>
  `${JSON.stringify(loss)} of ${outputs.shape[1]} outputs for targets [${targets.shape.join(', ')}]${sampleWeights ? ' with weights' : ''}`

describe.each(losses.map((each) => [titleOf(each), each] as const))('%s', (_, oracle) => {
  test('has the value and the gradient that Keras has', () => {
    const { compute } = lossOf(lossSchema.parse(oracle.loss), oracle.areClasses)
    const outputs = tf.tensor2d(oracle.outputs.values, oracle.outputs.shape as [number, number])
    const targets = tf.tensor(
      oracle.targets.values,
      oracle.targets.shape,
      oracle.areClasses ? 'int32' : 'float32'
    )
    const weights = oracle.sampleWeights && tf.tensor1d(oracle.sampleWeights.values)
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => compute(x, targets, weights))(outputs)
    expect(value.shape).toEqual([])
    expectClose(value, [oracle.value], 1e-5)
    expectClose(grad, oracle.gradient.values, 1e-4)
  })
})
