import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { startEngine } from '../../src-main/engine/backends'
import { firstGradients } from '../../src-main/training/first-gradients'
import { openModel } from '../../src-main/training/opened-model'
import { experimentOf, useWorkplace } from './sitting'

const workplace = useWorkplace()
beforeAll(async () => void (await startEngine('native-cpu')))

const linear = (units: number[]) =>
  experimentOf({
    model: {
      layers: [
        { use: 'flatten' },
        ...units.map((count) => ({
          use: 'dense' as const,
          units: count,
          initializer: { use: 'orthogonal' as const }
        })),
        { use: 'dense', units: 10, initializer: { use: 'zeros' } }
      ]
    }
  })

test('the gradient with respect to what the output gives is that of softmax and cross-entropy', async () => {
  const experiment = linear([12])
  const opened = await openModel(experiment, workplace.dataset)
  const { layers, norms } = await firstGradients(experiment, opened, undefined)
  expect(layers).toEqual(['dense_1', 'dense_2'])
  // With zero weights every class has a share of a tenth: (p − y) / 50 for each of 50 samples.
  expect(norms[1]).toBeCloseTo(Math.sqrt(50 * (9 * 0.1 ** 2 + 0.9 ** 2)) / 50, 6)
  expect(norms[0]).toBe(0)
})

test('orthogonal layers of equal width hand the norm of a gradient on as it is, behind an activation too', async () => {
  const dense = { use: 'dense', units: 12, initializer: { use: 'orthogonal' } } as const
  const experiment = experimentOf({
    model: {
      layers: [
        { use: 'flatten' },
        dense,
        dense,
        { ...dense, activation: 'tanh' },
        { use: 'dense', units: 10 }
      ]
    }
  })
  const opened = await openModel(experiment, workplace.dataset)
  const { norms } = await firstGradients(experiment, opened, undefined)
  expect(norms[0] / norms[1]).toBeCloseTo(1, 5)
  // Between the second and the third stands the slope of tanh, which is below 1.
  expect(norms[1]).toBeLessThan(norms[2])
  expect(norms[1]).toBeGreaterThan(0)
})

test('norms that no plain sum of squares could hold are measured, and none is left in memory', async () => {
  const dense = { use: 'dense', units: 12, activation: 'linear' } as const
  const tiny = { use: 'randomNormal', mean: 0, stddev: 1e-12 } as const
  const experiment = experimentOf({
    model: {
      layers: [
        { use: 'flatten' },
        dense,
        { ...dense, initializer: tiny },
        { ...dense, initializer: tiny },
        { use: 'dense', units: 10 }
      ]
    }
  })
  const opened = await openModel(experiment, workplace.dataset)
  const before = tf.memory().numTensors
  const { norms } = await firstGradients(experiment, opened, undefined)
  expect(tf.memory().numTensors).toBe(before)
  expect(norms[0]).toBeGreaterThan(1e-27)
  expect(norms[0]).toBeLessThan(1e-21)
})
