import { columnOf, layerColumnOf, rowWidth } from '#contract/step-rows'
import { expect, test } from 'vitest'
import { evidencePicture, type EvidenceView } from '../../../src-renderer/charts/evidence'
import { Series } from '../../../src-renderer/state/series'

const layers = ['dense_1', 'dense_2']
const width = rowWidth(layers.length)

/** Steps from 1 on: their loss, and the norms of both layers' gradients. */
function seriesOf(rows: readonly { loss?: number; norms?: readonly number[] }[]): Series {
  const series = new Series()
  const values = new Float32Array(rows.length * width)
  rows.forEach(({ loss = 1, norms = [1, 1] }, row) => {
    const put = (column: number, value: number): number => (values[row * width + column] = value)
    put(columnOf('loss'), loss)
    put(columnOf('gradientBefore'), Math.hypot(...norms))
    norms.forEach((norm, layer) => {
      put(layerColumnOf(layer, 'gradientBefore'), norm)
      put(layerColumnOf(layer, 'update'), norm * 1e-3)
      put(layerColumnOf(layer, 'weight'), 1)
    })
  })
  series.append({ first: 1, count: rows.length, width, values })
  return series
}

const draw = (view: Partial<EvidenceView>) =>
  evidencePicture({
    form: 'loss',
    evidence: {},
    columns: seriesOf(Array.from({ length: 100 }, () => ({}))),
    step: 60,
    layers,
    layer: undefined,
    ...view
  })

test('a course shows the steps around the finding, with what it crossed', () => {
  const rows = Array.from({ length: 100 }, (_, index) => ({ loss: index < 59 ? 1 : 8 }))
  const course = draw({ columns: seriesOf(rows), evidence: { loss: 8, usual: 1, ratio: 0.5 } })
  expect(course).toMatchObject({
    shape: 'course',
    from: 20,
    to: 80,
    step: 60,
    low: 1,
    high: 8,
    levels: [{ name: 'usual', value: 1, height: 1 }],
    odd: []
  })
})

test('numbers that are far apart stand on a logarithmic axis', () => {
  const rows = Array.from({ length: 70 }, (_, index) => ({ loss: index < 59 ? 0.1 : 1000 }))
  const course = draw({ columns: seriesOf(rows), evidence: { usual: 0.1 } })
  expect(course).toMatchObject({ axis: { low: -1, high: 3 } })
})

test('what is not finite breaks the line and is marked at its step', () => {
  const rows = Array.from({ length: 62 }, (_, index) => ({ loss: index === 59 ? NaN : 1 }))
  const course = draw({ columns: seriesOf(rows) })
  expect(course?.shape === 'course' && [course.odd, course.points.find(({ x }) => x === 60)]).toEqual([
    [60],
    { x: 60, y: null }
  ])
})

test('the update of a layer is compared with the limit that it crossed, or with the edge of the healthy range', () => {
  const levelOf = (ratio: number, limit = {}): unknown => {
    const course = draw({ form: 'ratio', evidence: { ratio, ...limit }, layer: 'dense_2' })
    return course?.shape === 'course' && course.levels.map(({ name, value }) => [name, value])
  }
  expect([levelOf(3), levelOf(1e-6), levelOf(3, { limit: 0.5 })]).toEqual([
    [['healthy', 1e-2]],
    [['healthy', 1e-4]],
    [['limit', 0.5]]
  ])
})

test('layers stand by depth, the one that is meant marked, and an exact zero without a bar', () => {
  const bars = draw({
    form: 'depth',
    step: 0,
    layer: 'dense_1',
    columns: seriesOf([{ norms: [0, 0.1] }, { norms: [1, 1] }])
  })
  expect(bars?.shape === 'bars' && bars.bars).toEqual([
    { name: { layer: 'dense_1' }, value: 0, isMeant: true },
    {
      name: { layer: 'dense_2' },
      value: expect.closeTo(0.1) as number,
      height: expect.closeTo(-1) as number,
      isMeant: false
    }
  ])
})

test('what was measured stands beside what was expected', () => {
  const barsOf = (evidence: EvidenceView['evidence']): unknown => {
    const bars = draw({ form: 'numbers', evidence })
    return bars?.shape === 'bars' && bars.bars.map(({ name, value }) => [name, value])
  }
  expect([barsOf({ loss: 9, guess: 2.3 }), barsOf({ scale: 128 })]).toEqual([
    [
      [{ level: 'loss' }, 9],
      [{ level: 'guess' }, 2.3]
    ],
    [
      [{ level: 'scale' }, 128],
      [{ level: 'expected' }, 1]
    ]
  ])
})

test('a single number, or steps that nothing is stored of, give no picture', () => {
  expect([draw({ form: 'numbers', evidence: { outputs: 1 } }), draw({ columns: new Series() })]).toEqual([
    undefined,
    undefined
  ])
})
