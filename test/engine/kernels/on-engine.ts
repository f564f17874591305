import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { EngineName } from '#contract/engine'
import { randomFrom } from '#contract/random'
import { startEngine } from '../../../src-main/engine/backends'

/** What a computation gives, as plain numbers. */
export interface Computed {
  shape: number[]
  values: number[]
}

/** Runs a computation on an engine of this process. */
export async function computeOn(engine: EngineName, compute: () => tf.Tensor[]): Promise<Computed[]> {
  await startEngine(engine)
  return tf.tidy(() =>
    compute().map((tensor) => ({ shape: tensor.shape, values: Array.from(tensor.dataSync()) }))
  ) as unknown as Computed[]
}

/** Numbers in [−1, 1) of a shape, the same on every engine. */
export function numbers(name: string, ...shape: number[]): tf.Tensor {
  const next = randomFrom(name, ...shape)
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 2 * next() - 1)
  return tf.tensor(values, shape)
}

/** Expects that an engine computes what the plain one does, within 1e-5 of the larger of 1 and the value. */
export async function expectAsPlain(engine: EngineName, compute: () => tf.Tensor[]): Promise<void> {
  const plain = await computeOn('cpu', compute)
  const other = await computeOn(engine, compute)
  expect(other.map(({ shape }) => shape)).toEqual(plain.map(({ shape }) => shape))
  for (const [index, { values }] of plain.entries()) {
    expect(values.some((value) => value !== 0)).toBe(true)
    const worst = Math.max(
      ...values.map((value, i) => {
        const difference = Math.abs(value - other[index].values[i]) / Math.max(1, Math.abs(value))
        return Number.isNaN(difference) ? Infinity : difference
      })
    )
    expect(worst).toBeLessThan(1e-5)
  }
}
