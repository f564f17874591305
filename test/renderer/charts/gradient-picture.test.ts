import { columnOf, layerColumnOf, rowWidth, StepFlag } from '#contract/step-rows'
import { expect, test } from 'vitest'
import { gradientPicture, type GradientView } from '../../../src-renderer/charts/gradient-picture'
import { Series } from '../../../src-renderer/state/series'

/** Three steps of two layers: clipped, with a zero, with a NaN. */
function view(options: Partial<GradientView> = {}): GradientView {
  const width = rowWidth(2)
  const values = new Float32Array(width * 3)
  const put = (row: number, column: number, value: number): void => {
    values[row * width + column] = value
  }
  for (let row = 0; row < 3; row++) {
    put(row, columnOf('gradientBefore'), 10)
    put(row, columnOf('threshold'), 1)
    put(row, layerColumnOf(0, 'gradientBefore'), 0.1)
    put(row, layerColumnOf(1, 'gradientBefore'), 10)
  }
  put(0, columnOf('flags'), StepFlag.clipped)
  put(1, layerColumnOf(0, 'gradientBefore'), 0)
  put(2, layerColumnOf(1, 'gradientBefore'), NaN)
  const columns = new Series()
  columns.append({ first: 1, count: 3, width, values })
  return {
    columns,
    from: 0,
    to: 3,
    width: 400,
    layers: [
      { colour: 'blue', marker: 'circle' },
      { colour: 'gold', marker: 'rect' }
    ],
    totalColour: 'black',
    thresholdColour: 'red',
    after: false,
    smoothing: 0,
    threshold: true,
    occasions: [],
    ...options
  }
}

test('zeros, NaN and clipped steps are marks of their own, with the colour of their layer', () => {
  const { zeros, odd, ticks, gutter, left } = gradientPicture(view())
  expect({ zeros, odd, ticks, gutter, low: left.low, high: left.high }).toEqual({
    zeros: [{ step: 2, colour: 'blue', marker: 'circle' }],
    odd: [{ step: 3, colour: 'gold', oddity: 'nan' }],
    ticks: [1],
    gutter: true,
    low: -1,
    high: 1
  })
})

test('the threshold is dashed and the norms before the chain are solid', () => {
  const { lines } = gradientPicture(view())
  expect(lines.map(({ colour, dash }) => [colour, dash])).toEqual([
    ['red', [6, 4]],
    ['blue', undefined],
    ['gold', undefined],
    ['black', undefined]
  ])
})

test('the norms behind the chain come as dotted lines in the colour of their layer', () => {
  const { lines } = gradientPicture(view({ after: true, threshold: false }))
  expect(lines.map(({ colour, dash }) => [colour, dash])).toEqual([
    ['blue', undefined],
    ['blue', [1, 3]],
    ['gold', undefined],
    ['gold', [1, 3]],
    ['black', undefined],
    ['black', [1, 3]]
  ])
})

test('a smoothed line stands before its raw one, which is pale; the threshold is not smoothed', () => {
  const { lines } = gradientPicture(view({ smoothing: 0.9 }))
  expect(lines.map(({ colour, faint }) => [colour, faint === true])).toEqual([
    ['red', false],
    ['blue', false],
    ['blue', true],
    ['gold', false],
    ['gold', true],
    ['black', false],
    ['black', true]
  ])
})

test('a layer that is left out leaves neither line nor marks, and the axis fits the others', () => {
  const hidden = view().layers.map((layer, index) => ({ ...layer, hidden: index === 0 }))
  const { lines, zeros, left } = gradientPicture(view({ layers: hidden, threshold: false }))
  expect({ colours: lines.map(({ colour }) => colour), zeros, low: left.low }).toEqual({
    colours: ['gold', 'black'],
    zeros: [],
    low: 1
  })
})
