import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { readOut } from '../../src-main/training/read-out'
import { startCpu } from '../oracles/cpu'

beforeAll(startCpu)

test('what is read comes out as it is, and the tensors it was read of go', () => {
  const before = tf.memory().numTensors
  const { numbers, words } = readOut(() => ({
    numbers: tf.mul(tf.tensor1d([1, 2, 3]), 2).dataSync(),
    words: ['one']
  }))
  expect([Array.from(numbers), words, tf.memory().numTensors]).toEqual([[2, 4, 6], ['one'], before])
})

test('they go too where the computation ends with an error, which is passed on', () => {
  const before = tf.memory().numTensors
  const failing = (): never => {
    throw new Error(`after ${tf.scalar(1).dataSync()[0]}`)
  }
  expect(() => readOut(failing)).toThrow('after 1')
  expect(tf.memory().numTensors).toBe(before)
})
