import type { DatasetSummary } from '#contract/dataset'
import type { Failure } from '#contract/failure'
import type { Layer } from '#contract/vocabulary'
import { describe, expect, test } from 'vitest'
import { buildModel, checkOutput } from '../../../src-main/models/build'
import { outputFailure } from '../../../src-renderer/state/output-check'

const dense = (units: number) =>
  ({
    use: 'dense',
    units,
    initializer: { use: 'zeros' },
    biasInitializer: { use: 'zeros' },
    useBias: true
  }) satisfies Layer
const stacks: Record<string, Layer[]> = {
  'ten outputs': [{ use: 'flatten' }, dense(10)],
  'three outputs': [{ use: 'flatten' }, dense(3)],
  'one output': [{ use: 'flatten' }, dense(1)],
  'an image': [{ use: 'dropout', rate: 0.5 }]
}
const about: DatasetSummary = {
  name: 'x',
  source: { use: 'mnist' },
  featureShape: [4, 4, 1],
  featureType: 'uint8',
  range: [0, 255],
  counts: { train: 1, test: 1 },
  findings: []
}
const datasets: DatasetSummary[] = [
  { ...about, classes: ['no', 'yes'] },
  { ...about, classes: Array.from({ length: 10 }, (_, index) => String(index)) },
  { ...about, targetSize: 3 }
]

describe.each(Object.entries(stacks))('for a model that gives %s', (_, layers) => {
  test('the window says of every dataset what the core would say', () => {
    const model = buildModel(layers, [4, 4, 1])
    const said = datasets.map((data) => outputFailure(model.summary, data)?.toRecord())
    const refused = datasets.map((data) => {
      try {
        checkOutput(model, { classes: data.classes?.length, targetSize: data.targetSize })
        return undefined
      } catch (error) {
        return (error as Failure).toRecord()
      }
    })
    expect(said).toEqual(refused)
  })
})
