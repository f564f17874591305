import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startEngine } from '../../../src-main/engine/backends'
import {
  compileOver,
  NotCompilable,
  type Compiled,
  type ProgramFunction
} from '../../../src-main/engine/compile/compiler'
import { nativeBackend } from '../../../src-main/engine/native'
import { measureNorms } from '../../../src-main/health/measure'
import { nonFiniteCounts } from '../../../src-main/health/measure-layer'

beforeAll(async () => void (await startEngine('native-cpu')))

let compiled: Compiled
beforeEach(() => {
  const state = { w: tf.tensor1d([1, 2, 3]), count: tf.tensor1d([0], 'int32') }
  compiled = compileOver(state)
  tf.dispose(state)
})
afterEach(() => compiled.dispose())

/** Moves `w` by a fed rate against `x`, and counts; accepted while the sum of `x` is finite. */
const step: ProgramFunction = ({ w, count }, { x, rate }) => {
  const moved = tf.sub(w, tf.mul(x, rate))
  return {
    outputs: [tf.stack([tf.sum(moved), tf.sum(x)])],
    state: { w: moved, count: tf.add(count, tf.scalar(1, 'int32')) },
    accepted: tf.all(tf.isFinite(x))
  }
}
const fed = (values: number[], rate: number) => ({
  x: { shape: [3], values: Float32Array.from(values) },
  rate
})
const stateNow = (): number[][] =>
  tf.tidy(() => Object.values(compiled.read()).map((tensor) => Array.from(tensor.dataSync())))
const run = (values: number[], rate: number): number[] =>
  tf.tidy(() => Array.from(compiled.run('step', fed(values, rate))[0].dataSync()))
const trace = (program: ProgramFunction = step): void =>
  tf.tidy(() => void compiled.trace('step', fed([9, 9, 9], 7), program))

test('tracing changes nothing, and what is fed later is used, not what was there when it was traced', () => {
  trace()
  expect(stateNow()).toEqual([[1, 2, 3], [0]])
  expect(run([1, 1, 1], 0.5)).toEqual([4.5, 3])
  expect(run([2, 0, 0], 1)).toEqual([2.5, 2])
  expect(stateNow()).toEqual([[-1.5, 1.5, 2.5], [2]])
})

test('a refused run tells its result and writes nothing, and the next one goes on', () => {
  trace()
  expect(run([NaN, 1, 1], 0.5)[1]).toBeNaN()
  expect(stateNow()).toEqual([[1, 2, 3], [0]])
  run([1, 1, 1], 1)
  expect(stateNow()).toEqual([[0, 1, 2], [1]])
})

test('programs share their state, also when one is added later', () => {
  trace()
  run([1, 1, 1], 1)
  tf.tidy(
    () =>
      void compiled.trace('double', { by: 2 }, ({ w }, { by }) => ({
        outputs: [tf.sum(w)],
        state: { w: tf.mul(w, by) }
      }))
  )
  tf.tidy(() => void compiled.run('double', { by: 3 }))
  expect(stateNow()).toEqual([[0, 3, 6], [1]])
  run([1, 1, 1], 1)
  expect(stateNow()).toEqual([[-1, 2, 5], [2]])
})

test('bytes are fed as bytes and seen as whole numbers', () => {
  const bytes = (values: number[]) => ({ x: { shape: [2], values: Uint8Array.from(values) } })
  const program: ProgramFunction = (_, { x }) => ({ outputs: [tf.div(tf.cast(x, 'float32'), 255)] })
  tf.tidy(() => {
    const traced = compiled.trace('bytes', bytes([0, 51]), program).outputs[0]
    expect(Array.from(traced.dataSync())).toEqual(Array.from(Float32Array.of(0, 0.2)))
    expect(Array.from(compiled.run('bytes', bytes([255, 0]))[0].dataSync())).toEqual([1, 0])
  })
})

test('state that is written is what the next run begins with', () => {
  trace()
  run([1, 1, 1], 1)
  tf.tidy(() => compiled.write({ w: tf.tensor1d([5, 5, 5]), count: tf.tensor1d([40], 'int32') }))
  run([1, 1, 1], 1)
  expect(stateNow()).toEqual([[4, 4, 4], [41]])
})

test('a program that reads a tensor, or uses one from outside, is refused and leaves the state as it was', () => {
  const outside = tf.tensor1d([1, 1, 1])
  const reads: ProgramFunction = ({ w }) => ({ outputs: [tf.mul(w, w.dataSync()[0])] })
  const captures: ProgramFunction = ({ w }) => ({ outputs: [tf.add(w, outside)] })
  expect(() => trace(reads)).toThrow(NotCompilable)
  expect(() => trace(captures)).toThrow(/captured/)
  expect(stateNow()).toEqual([[1, 2, 3], [0]])
  outside.dispose()
})

test('a thousand runs leave no tensor behind', () => {
  trace()
  run([1, 1, 1], 0)
  const before = [tf.memory().numTensors, nativeBackend().binding.getNumOfTensors()]
  for (let count = 0; count < 1000; count++) run([1, 0, 1], 0.1)
  expect([tf.memory().numTensors, nativeBackend().binding.getNumOfTensors()]).toEqual(before)
})

test.each([[0], [1e-37], [1e-25], [1e-18], [1], [1e16], [1e30], [1e37], [Infinity], [NaN]])(
  'a norm of elements of %d is the same eagerly and compiled',
  (size) => {
    const values = { x: { shape: [300], values: new Float32Array(300).fill(size) } }
    const program: ProgramFunction = (_, { x }) => ({ outputs: [measureNorms([x, tf.neg(x)])] })
    tf.tidy(() => {
      const eager = compiled.trace('norm', values, program).outputs[0].dataSync()
      const replayed = compiled.run('norm', values)[0].dataSync()
      const norm = (pairs: ArrayLike<number>, tensor: number): number =>
        pairs[2 * tensor] * pairs[2 * tensor + 1]
      for (const tensor of [0, 1])
        for (const pairs of [eager, replayed]) {
          const expected = Math.fround(size) * Math.sqrt(300)
          if (Number.isFinite(expected))
            expect(norm(pairs, tensor) / (expected || 1)).toBeCloseTo(size ? 1 : 0, 5)
          else expect(norm(pairs, tensor)).toBe(expected)
        }
    })
  }
)

test.each([300, 20_000])(
  'what is not finite among %d elements is counted the same eagerly and compiled',
  (size) => {
    const shape = [size / 10, 10]
    const program: ProgramFunction = (_, { x }) => ({ outputs: [nonFiniteCounts(x)] })
    const counts = ([result]: tf.Tensor[]): number[] => Array.from(result.dataSync())
    const ones = { x: { shape, values: new Float32Array(size).fill(1) } }
    tf.tidy(() => void compiled.trace('count', ones, program))
    for (const [odd, expected] of [
      [[], [0, 0]],
      [
        [1e38, -1e38],
        [0, 0]
      ],
      [
        [NaN, 1e38, NaN, -Infinity],
        [2, 1]
      ]
    ]) {
      const values = new Float32Array(size).fill(1)
      values.set(odd, size - 7)
      tf.tidy(() => {
        expect(counts(program({}, { x: tf.tensor(values, shape) }).outputs)).toEqual(expected)
        expect(counts(compiled.run('count', { x: { shape, values } }))).toEqual(expected)
      })
    }
  }
)

test('gradients of a ReLU and of a bias in front of a max-pooling are the same compiled', () => {
  const images = {
    x: { shape: [1, 6, 6, 2], values: Float32Array.from({ length: 72 }, (_, i) => ((i * 37) % 19) - 9) },
    bias: { shape: [2], values: Float32Array.of(1, -2) }
  }
  const program: ProgramFunction = (_, { x, bias }) => ({
    outputs: tf.grads((input: tf.Tensor, offset: tf.Tensor) => {
      const pooled = tf.maxPool(tf.relu(tf.add(input, offset)) as tf.Tensor4D, 3, 2, 'valid')
      return tf.sum(tf.mul(pooled, tf.sub(pooled, 4)))
    })([x, bias])
  })
  tf.tidy(() => {
    const eager = compiled.trace('pooling', images, program).outputs.map((each) => each.dataSync())
    expect(compiled.run('pooling', images).map((each) => each.dataSync())).toEqual(eager)
    expect(eager[0].filter((value) => value !== 0).length).toBeGreaterThan(4)
  })
})
