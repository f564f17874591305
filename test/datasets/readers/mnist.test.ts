import { expect, test } from 'vitest'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import { digits } from '../../../src-main/datasets/readers/digits'
import { mnist } from '../../../src-main/datasets/readers/mnist'

const shared = {
  featureShape: [28, 28, 1],
  featureType: 'uint8',
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  range: [0, 255],
  findings: []
}

test('MNIST is whole: 60,000 and 10,000 samples with the published counts of each class', async () => {
  expect(summarize(await mnist.open({ use: 'mnist' }))).toEqual({
    ...shared,
    name: 'mnist',
    source: { use: 'mnist' },
    counts: { train: 60000, test: 10000 },
    classCounts: {
      train: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      test: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    }
  })
})

test('the bundled digits have as many samples of each class, all of them from MNIST', async () => {
  const small = await digits.open({ use: 'digits' })
  expect(summarize(small)).toEqual({
    ...shared,
    name: 'digits',
    source: { use: 'digits' },
    counts: { train: 2000, test: 500 },
    classCounts: { train: new Array(10).fill(200), test: new Array(10).fill(50) }
  })
  const full = await mnist.open({ use: 'mnist' })
  expect(small.train.features.subarray(0, 784)).toEqual(full.train.features.subarray(0, 784))
  expect(small.train.targets[0]).toBe(full.train.targets[0])
})
