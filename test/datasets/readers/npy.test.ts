import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import { npy } from '../../../src-main/datasets/readers/npy'
import { folderWith } from '../../fixtures/files'
import { npyBytes, npyOfBytes, npyOfFloats, npyOfWhole } from '../../fixtures/npy'

async function openPair(features: Uint8Array, labels: Uint8Array) {
  const folder = await folderWith({ 'x.npy': features, 'y.npy': labels })
  return npy.open({ use: 'npy', path: join(folder, 'x.npy'), labels: join(folder, 'y.npy') })
}

test('features and labels make a dataset; whole labels are classes', async () => {
  const { name, featureShape, classes, targetSize, train } = await openPair(
    npyOfFloats([3, 2], [1, 2, 3, 4, 5, 6]),
    npyOfWhole([0, 2, 1])
  )
  expect({
    name,
    featureShape,
    classes,
    targetSize,
    features: train.features,
    targets: train.targets
  }).toEqual({
    name: 'x.npy',
    featureShape: [2],
    classes: ['0', '1', '2'],
    targetSize: undefined,
    features: Float32Array.from([1, 2, 3, 4, 5, 6]),
    targets: Int32Array.from([0, 2, 1])
  })
})

describe('the shape of a sample', () => {
  const zeros = (count: number): number[] => new Array<number>(count).fill(0)
  test.each([
    ['single numbers', npyOfFloats([2], zeros(2)), [1]],
    ['values', npyOfFloats([2, 3], zeros(6)), [3]],
    ['images of bytes get a channel', npyOfBytes([2, 3, 4], zeros(24)), [3, 4, 1]],
    ['square images get a channel', npyOfFloats([2, 3, 3], zeros(18)), [3, 3, 1]],
    ['steps of a sequence', npyOfFloats([2, 5, 2], zeros(20)), [5, 2]],
    ['images with channels', npyOfBytes([2, 2, 2, 3], zeros(24)), [2, 2, 3]]
  ])('%s', async (_, features, shape) => {
    expect((await openPair(features, npyOfWhole([0, 1]))).featureShape).toEqual(shape)
  })

  test('more dimensions, or texts, are refused', async () => {
    await expect(openPair(npyOfBytes([1, 1, 1, 1, 1], [0]), npyOfWhole([0]))).rejects.toMatchObject({
      key: 'data.notFeatures',
      values: { shape: '1 × 1 × 1 × 1 × 1' }
    })
    await expect(openPair(npyBytes('|S1', [1], Buffer.from('a')), npyOfWhole([0]))).rejects.toMatchObject({
      key: 'data.notFeatures'
    })
  })
})

describe('labels', () => {
  const features = npyOfBytes([3, 1], [1, 2, 3])
  test.each([
    [
      'a column of whole numbers',
      npyOfBytes([3, 1], [2, 0, 1]),
      { classes: ['0', '1', '2'], targets: [2, 0, 1] }
    ],
    ['one-hot rows', npyOfFloats([3, 2], [0, 1, 1, 0, 0, 1]), { classes: ['0', '1'], targets: [1, 0, 1] }],
    [
      'texts',
      npyBytes('|S3', [3], Buffer.from('dogcatdog')),
      { classes: ['cat', 'dog'], targets: [1, 0, 1] }
    ],
    ['real numbers', npyOfFloats([3], [0.5, 1, -2]), { targetSize: 1, targets: [0.5, 1, -2] }],
    [
      'several numbers',
      npyOfBytes([3, 2], [1, 1, 2, 3, 0, 0]),
      { targetSize: 2, targets: [1, 1, 2, 3, 0, 0] }
    ]
  ])('%s', async (_, labels, expected) => {
    const { classes, targetSize, train } = await openPair(features, labels)
    expect({
      ...(classes && { classes }),
      ...(targetSize && { targetSize }),
      targets: [...train.targets]
    }).toEqual(expected)
  })

  test.each([
    ['fewer than samples', npyOfWhole([0, 1]), 'data.countsDiffer', { imageCount: 3, labelCount: 2 }],
    ['negative', npyOfWhole([0, -1, 1]), 'data.labelOutOfRange', { index: 1, label: -1 }],
    ['NaN', npyOfFloats([3], [1.5, NaN, 2]), 'data.notFinite', { index: 1 }],
    ['of too many dimensions', npyOfBytes([3, 1, 1], [0, 1, 2]), 'data.notLabels', { shape: '3 × 1 × 1' }]
  ])('%s are refused', async (_, labels, key, values) => {
    await expect(openPair(features, labels)).rejects.toMatchObject({ key, values })
  })

  test('texts of the test part have the classes of both parts', async () => {
    const texts = (text: string): Buffer => npyBytes('|S1', [text.length], Buffer.from(text))
    const folder = await folderWith({
      'x.npy': features,
      'y.npy': texts('bab'),
      'tx.npy': npyOfBytes([2, 1], [7, 8]),
      'ty.npy': texts('cb')
    })
    const [path, labels, testPath, testLabels] = ['x', 'y', 'tx', 'ty'].map((name) =>
      join(folder, `${name}.npy`)
    )
    const { classes, train, test } = await npy.open({ use: 'npy', path, labels, testPath, testLabels })
    expect([classes, [...train.targets], [...(test?.targets ?? [])]]).toEqual([
      ['a', 'b', 'c'],
      [1, 0, 1],
      [2, 1]
    ])
    await expect(npy.open({ use: 'npy', path, labels, testPath })).rejects.toMatchObject({
      key: 'data.testIncomplete',
      values: { features: 'testPath', labels: 'testLabels' }
    })
  })
})

test('features that are not finite stay, with an error that names sample and place', async () => {
  const handle = await openPair(npyOfFloats([3, 2], [1, 2, 3, NaN, -Infinity, 6]), npyOfWhole([0, 1, 0]))
  expect([...handle.train.features]).toEqual([1, 2, 3, NaN, -Infinity, 6])
  expect(summarize(handle)).toMatchObject({
    range: [1, 6],
    findings: [
      {
        kind: 'nonFinite',
        severity: 'error',
        part: 'train',
        count: 2,
        examples: [1, 2],
        message: { key: 'data.nonFinite.train', values: { count: 2, total: 3, positions: '1[1], 2[0]' } }
      }
    ]
  })
})

describe('a path is recognized', () => {
  const array = npyOfWhole([0, 1])
  test.each([
    ['x_train.npy', 'y_train.npy'],
    ['train-images.npy', 'train-labels.npy'],
    ['X.npy', 'Y.npy'],
    ['features.npy', 'targets.npy'],
    ['anything.npy', 'labels.npy']
  ])('%s leads to %s', async (features, labels) => {
    const folder = await folderWith({ [features]: array, [labels]: array })
    expect(await npy.match?.({ path: join(folder, features) })).toEqual({
      use: 'npy',
      path: join(folder, features),
      labels: join(folder, labels)
    })
  })

  test('labels lead to their features', async () => {
    const folder = await folderWith({ 'x_test.npy': array, 'y_test.npy': array })
    expect(await npy.match?.({ path: join(folder, 'y_test.npy') })).toEqual({
      use: 'npy',
      path: join(folder, 'x_test.npy'),
      labels: join(folder, 'y_test.npy')
    })
  })

  test('an array alone is named with what was expected beside it', async () => {
    const folder = await folderWith({ 'alone.npy': array })
    await expect(npy.match?.({ path: join(folder, 'alone.npy') })).rejects.toMatchObject({
      key: 'data.npy.alone',
      values: { shape: '2', expected: 'labels.npy' }
    })
    expect(await npy.match?.({ path: '/a/b.txt' })).toBeUndefined()
  })
})
