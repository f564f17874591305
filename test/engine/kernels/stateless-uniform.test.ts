import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { EngineName } from '#contract/engine'
import { STATELESS_UNIFORM, statelessUniform } from '../../../src-main/engine/kernels/stateless-uniform'
import { computeOn } from './on-engine'

const engines: EngineName[] = ['native-cpu', 'wasm', 'cpu']

async function draw(
  engine: EngineName,
  seed: [number, number],
  shape: number[],
  salt: number
): Promise<number[]> {
  const [{ values }] = await computeOn(engine, () => [
    statelessUniform(tf.tensor1d(seed, 'int32'), shape, salt)
  ])
  return values
}

describe.each(engines)('statelessUniform on %s', (engine) => {
  it('gives the same numbers for the same seed, shape and salt', async () => {
    expect(await draw(engine, [1, 2], [4, 5], 3)).toEqual(await draw(engine, [1, 2], [4, 5], 3))
  })

  it('gives others for another run, step or salt', async () => {
    const base = await draw(engine, [1, 2], [4, 5], 3)
    expect(await draw(engine, [9, 2], [4, 5], 3)).not.toEqual(base)
    expect(await draw(engine, [1, 9], [4, 5], 3)).not.toEqual(base)
    expect(await draw(engine, [1, 2], [4, 5], 9)).not.toEqual(base)
  })

  it('stays in [0, 1) and is spread evenly', async () => {
    const values = await draw(engine, [-5, 70_000], [100_000], 0)
    const counts = new Array<number>(10).fill(0)
    for (const value of values) counts[Math.floor(value * 10)]++
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    // 10,000 are expected in each tenth, with a standard deviation of 95.
    expect(Math.max(...counts.map((count) => Math.abs(count - 10_000)))).toBeLessThan(5 * 95)
  })

  it('can be called through tfjs-core by its name, and gives the shape asked for', async () => {
    const [{ shape, values }] = await computeOn(engine, () => [
      tf
        .engine()
        .runKernel(STATELESS_UNIFORM, { seed: tf.tensor1d([1, 2], 'int32') }, { shape: [2, 3], salt: 4 })
    ])
    expect(shape).toEqual([2, 3])
    expect(values).toEqual(await draw(engine, [1, 2], [2, 3], 4))
  })
})
