import { expect, test } from 'vitest'
import { parseExperiment, type ExperimentInput } from '#contract/experiment'
import { openParts } from '../../../src-main/datasets/parts'
import { fitPreparation } from '../../../src-main/datasets/preparation'
import { checkGivenCodes } from '../../../src-main/datasets/preparation/check-codes'
import { experimentOn, handleOf, samplesOf } from '../../fixtures/dataset'

type Layers = ExperimentInput['model']['layers']
const EMBEDDING: Layers = [
  { use: 'embedding', inputs: 4, units: 2 },
  { use: 'flatten' },
  { use: 'dense', units: 3 }
]

/** Fits rows of codes with class 0 to a model; the test part is one row. */
function fit(
  rows: number[][],
  {
    test: tested = rows[0].map(() => 0),
    layers = EMBEDDING,
    columns = [] as string[],
    ...data
  }: {
    test?: number[]
    layers?: Layers
    columns?: string[]
  } & Partial<ExperimentInput['data']> = {}
) {
  const experiment = parseExperiment({ ...experimentOn(data), model: { layers } })
  const source = handleOf(
    samplesOf(Float32Array.from(rows.flat()), new Int32Array(rows.length)),
    [rows[0].length],
    {
      test: samplesOf(Float32Array.from(tested), new Int32Array(1)),
      ...(columns.length > 0 && {
        columns: columns.map((name) => ({ name, kind: 'number' as const, missing: 0 }))
      })
    }
  )
  return fitPreparation(experiment, source.summary, openParts(source, experiment))
}
const refusal = (key: string, values: object) => expect.objectContaining({ key, values }) as object
const about = { name: 'small', layer: 'embedding_1', highest: 3 }

test('whole numbers from 0 to inputs − 1 are codes', () => {
  expect(() =>
    fit([
      [0, 1],
      [2, 3]
    ])
  ).not.toThrow()
})

test.each([
  [4, '4'],
  [-1, '-1'],
  [1.5, '1.5']
])('%d is no code of four, and is refused with sample, position and range', (code, found) => {
  expect(() =>
    fit([
      [0, 1],
      [2, code],
      [0, 0]
    ])
  ).toThrow(refusal('data.notACode.train', { ...about, sample: 1, place: '1', found }))
})

test('a column is named, and the test part is looked at too', () => {
  expect(() => fit([[0, 1]], { test: [7, 0], columns: ['word', 'next'] })).toThrow(
    refusal('data.notACode.test', { ...about, sample: 0, place: 'word', found: '7' })
  )
})

test('what counts is what reaches the layer, behind preparation and a change of shape', () => {
  const scaled = { prepare: [{ use: 'scale' as const, by: 0.5 }] }
  expect(() => fit([[2, 6]], scaled)).not.toThrow()
  expect(() => fit([[2, 3]], scaled)).toThrow(
    refusal('data.notACode.train', { ...about, sample: 0, place: '1', found: '1.5' })
  )
  const layers: Layers = [{ use: 'reshape', shape: [2] }, ...EMBEDDING]
  expect(() => fit([[2, 9]], { layers })).toThrow(
    refusal('data.notACode.train', { ...about, sample: 0, place: '1', found: '9' })
  )
})

test('steps that would change codes while training are refused by their place', () => {
  expect(() => fit([[0, 1]], { augment: [{ use: 'noise', stddev: 1 }] })).toThrow(
    refusal('data.codesChanged', { path: 'data.augment.0', word: 'noise', layer: 'embedding_1' })
  )
  const faults = [{ use: 'shiftLabels' as const }, { use: 'scaleBatch' as const, every: 2, by: 3 }]
  expect(() => fit([[0, 1]], { faults })).toThrow(
    refusal('data.codesChanged', { path: 'data.faults.1', word: 'scaleBatch', layer: 'embedding_1' })
  )
})

test('other models take any numbers', () => {
  expect(() => fit([[-7.5, 99]], { layers: [{ use: 'dense', units: 3 }] })).not.toThrow()
})

test('samples that somebody gives to a trained model are held to the same range', () => {
  const experiment = parseExperiment({ ...experimentOn(), model: { layers: EMBEDDING } })
  const plan = fit([[0, 2]], { prepare: [{ use: 'scale', by: 0.5 }] })
  expect(() => checkGivenCodes(Float32Array.of(0, 2, 6, 4), experiment, plan)).not.toThrow()
  expect(() => checkGivenCodes(Float32Array.of(0, 2, 6, 8), experiment, plan)).toThrow(
    refusal('data.notACode.given', { layer: 'embedding_1', highest: 3, sample: 1, place: '1', found: '4' })
  )
})
