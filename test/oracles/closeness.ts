import type { Tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'

/** The values of a tensor as plain numbers. */
export const valuesOf = (tensor: Tensor): number[] => Array.from(tensor.dataSync())

/** The largest difference between two lists, as a share of the largest magnitude expected. */
export function relativeError(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length)
  const largest = Math.max(...expected.map(Math.abs), Number.MIN_VALUE)
  // A NaN anywhere makes the whole error NaN, which is below nothing.
  return Math.max(...expected.map((value, index) => Math.abs(value - found[index]))) / largest
}

/** Expects a tensor to hold these numbers, with an error of at most `tolerance` of the largest of them. */
export function expectClose(found: Tensor, expected: readonly number[], tolerance: number): void {
  expect(relativeError(valuesOf(found), expected)).toBeLessThanOrEqual(tolerance)
}
