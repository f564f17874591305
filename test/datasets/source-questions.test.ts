import { describe, expect, test } from 'vitest'
import { answerAboutSources } from '../../src-main/datasets/source-questions'
import { openParts } from '../../src-main/datasets/parts'
import { openBatches } from '../../src-main/datasets/batches'
import { prepareSource } from '../../src-main/datasets/prepare'
import { openPrepared } from '../../src-main/datasets/prepared'
import { experimentOn } from '../fixtures/dataset'
import { temporaryFolder } from '../fixtures/folder'

describe('what a run would train on', () => {
  test('is told as the run will do it: parts, classes, cleaning and preparation', async () => {
    const library = await temporaryFolder()
    const experiment = experimentOn({
      clean: [{ use: 'dropDuplicates' }],
      prepare: [{ use: 'standardize' }],
      split: { validation: 0.1 },
      limit: { train: 1000 },
      classWeights: 'balanced'
    })
    const plan = await answerAboutSources(() => {}).planData({ experiment, library })
    const handle = await openPrepared((await prepareSource({ use: 'digits' }, library)).folder)
    const { parts } = openParts(handle, experiment)
    expect(plan.samples).toEqual({ train: 900, validation: 100, test: parts.test.count })
    expect(plan.classCounts?.train.reduce((sum, each) => sum + each, 0)).toBe(900)
    expect(plan.classCounts?.validation.reduce((sum, each) => sum + each, 0)).toBe(100)
    expect(plan.classWeights?.length).toBe(10)
    expect(plan).toMatchObject({
      cleaned: [{ use: 'dropDuplicates', unit: 'samples' }],
      preparation: { shape: [28, 28, 1], features: [{ use: 'affine' }] }
    })
  })

  test('is refused where a run would be', async () => {
    const library = await temporaryFolder()
    const { planData } = answerAboutSources(() => {})
    const experiment = experimentOn({ prepare: [{ use: 'oneHot' }] })
    await expect(Promise.resolve(planData({ experiment, library }))).rejects.toMatchObject({
      key: 'data.needsTable'
    })
  })
})

describe('samples that a run is tested on', () => {
  test('are those of its parts, page by page, with their positions in the source', async () => {
    const library = await temporaryFolder()
    const { testedSamples } = answerAboutSources(() => {})
    const experiment = experimentOn({ limit: { test: 40 } })
    const handle = await openPrepared((await prepareSource({ use: 'digits' }, library)).folder)
    const { test: part } = openParts(handle, experiment).parts
    const page = await testedSamples({ experiment, library, offset: 38, count: 5 })
    const { features, targets } = part.gather(Uint32Array.of(38, 39))
    expect(page).toEqual({
      part: part.from,
      total: 40,
      indices: [...part.indices.subarray(38)],
      targets: [...targets],
      features: Float32Array.from(features)
    })
  })
})

describe('augmented samples', () => {
  const experiment = experimentOn({ augment: [{ use: 'shift' }, { use: 'noise', stddev: 5 }] })

  test('are what the first epochs train on', async () => {
    const library = await temporaryFolder()
    const { augment } = answerAboutSources(() => {})
    const { indices, features, targets } = await augment({
      experiment,
      library,
      indices: [7, 3],
      variants: 3
    })
    const handle = await openPrepared((await prepareSource({ use: 'digits' }, library)).folder)
    const { train } = openParts(handle, experiment).parts
    const batches = openBatches(train, experiment, handle.summary)
    const size = 28 * 28
    expect(indices).toEqual([7, 3])
    for (const [place, index] of indices.entries())
      for (let epoch = 0; epoch < 3; epoch++) {
        const batch = batches(Uint32Array.of(train.indices.indexOf(index)), epoch, 0)
        const from = (place * 3 + epoch) * size
        expect(features.slice(from, from + size)).toEqual(batch.features)
        expect(targets[place * 3 + epoch]).toBe(batch.targets[0])
      }
  })

  test('that are mixed have the share of each class', async () => {
    const library = await temporaryFolder()
    const { augment } = answerAboutSources(() => {})
    const mixed = experimentOn({ augment: [{ use: 'mixup', alpha: 1 }] })
    const { targets } = await augment({ experiment: mixed, library, indices: [0, 1, 2], variants: 2 })
    expect(targets.length).toBe(3 * 2 * 10)
  })

  test('at positions where there is no sample are refused', async () => {
    const library = await temporaryFolder()
    const { augment } = answerAboutSources(() => {})
    await expect(
      Promise.resolve(augment({ experiment, library, indices: [1, 5000], variants: 1 }))
    ).rejects.toMatchObject({ key: 'data.noSample.train', values: { positions: '5000' } })
  })
})
