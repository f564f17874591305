import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { startEngine } from '../../../src-main/engine/backends'
import { runDisturbed, type Disturbance } from '../../../src-main/engine/compile/disturb'
import type { ProgramFunction } from '../../../src-main/engine/compile/compiler'
import { nativeBackend } from '../../../src-main/engine/native'

beforeAll(async () => void (await startEngine('native-cpu')))

const run: ProgramFunction = ({ x }) => ({ outputs: [tf.mul(x, tf.scalar(1)), tf.relu(x)] })
const disturbed = (numbers: number[], how: Disturbance): number[][] =>
  tf.tidy(() =>
    runDisturbed(run, { x: tf.tensor1d(numbers) }, {}, how).outputs.map((output) =>
      Array.from(output.dataSync())
    )
  )
const BELOW_ONE = 1 - 2 ** -24

test('random last places move what was rounded by a millionth at most, and differently under another salt', () => {
  const numbers = Array.from({ length: 200 }, (_, index) => (index - 99.5) * 10 ** ((index % 60) - 30))
  const moved = [1, 2].map((salt) => disturbed(numbers, { salt })[0])
  const shares = moved.map((own) => own.map((value, index) => value / Math.fround(numbers[index]) - 1))
  for (const own of shares) {
    expect(Math.max(...own.map(Math.abs))).toBeLessThan(1.2e-6)
    expect(Math.min(...own)).toBeLessThan(0)
    expect(Math.max(...own)).toBeGreaterThan(0)
  }
  expect(moved[0]).not.toEqual(moved[1])
  expect(disturbed(numbers, { salt: 1 })[0]).toEqual(moved[0])
})

test('rounding to fewer places makes round numbers of what is close to them, and moves the rest by a millionth at most', () => {
  const numbers = [0.1, 3e38, 1e-30]
  const [round, others] = [[BELOW_ONE, -BELOW_ONE, 1], numbers].map((own) => disturbed(own, 'fewerPlaces')[0])
  expect(round).toEqual([1, -1, 1])
  others.forEach((value, index) => expect(Math.abs(value / numbers[index] - 1)).toBeLessThan(1e-6))
})

test.each<Disturbance>(['fewerPlaces', { salt: 1 }])(
  'zeros, what is not finite and what was not rounded stay under %j, and nothing is left behind',
  (how) => {
    const plain = nativeBackend().binding
    const before = tf.memory().numTensors
    const [product, positive] = disturbed([0, NaN, Infinity, -Infinity, BELOW_ONE], how)
    expect(product.slice(0, 4)).toEqual([0, NaN, Infinity, -Infinity])
    expect(positive).toEqual([0, NaN, Infinity, 0, BELOW_ONE])
    expect(nativeBackend().binding).toBe(plain)
    expect(tf.memory().numTensors).toBe(before)
  }
)
