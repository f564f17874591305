import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { startEngine } from '../../src-main/engine/backends'
import type { ProgramFunction } from '../../src-main/engine/compile/compiler'
import { compareResults } from '../../src-main/training/agreement'

beforeAll(async () => void (await startEngine('native-cpu')))

/** Doubles the weights, and moves `bias` by the sign of what nobody can know beyond the last place of a weight. */
const run: ProgramFunction = (state) => ({
  outputs: [],
  state: {
    'parameters/weight': tf.mul(state['parameters/weight'], 2),
    'parameters/bias': tf.sign(tf.sin(tf.mul(state['parameters/weight'], 1e7))),
    'layerState/mean': tf.zeros([2])
  }
})
const WEIGHTS = [0.3, -0.7, 0.9, 1.1, -1.3, 0.2, 0.5, -0.4]

/** Compares with what a compiled step is said to have given. */
const judge = (found: (eager: Record<string, tf.Tensor>) => Record<string, tf.Tensor>): void =>
  tf.tidy(() => {
    const before = { 'parameters/weight': tf.tensor1d(WEIGHTS) }
    const eager = run(before, {}).state as Record<string, tf.Tensor>
    compareResults({ ...eager, ...found(eager) }, eager, { run, before, fed: {} })
  })

test('a difference that rounding alone makes is no difference', () => {
  judge(({ 'parameters/bias': bias }) => ({ 'parameters/bias': tf.mul(bias, [1, -1, 1, 1, -1, -1, 1, 1]) }))
  judge(() => ({ 'layerState/mean': tf.tensor1d([1e-8, -1e-7]) }))
})

test.each<[string, Parameters<typeof judge>[0]]>([
  ['parameters/weight', ({ 'parameters/weight': weight }) => ({ 'parameters/weight': tf.mul(weight, 1.01) })],
  ['parameters/bias', () => ({ 'parameters/bias': tf.fill([8], 40) })],
  ['parameters/bias', () => ({ 'parameters/bias': tf.fill([8], NaN) })],
  ['layerState/mean', () => ({ 'layerState/mean': tf.tensor1d([0, 0.01]) })]
])('more than that in %s is told', (name, found) => {
  expect(() => judge(found)).toThrow(name)
})
