import { expect, test } from 'vitest'
import { linearAxis } from '../../../src-renderer/charts/axis'
import { paintPicture } from '../../../src-renderer/charts/paint-picture'
import type { Picture } from '../../../src-renderer/charts/picture'
import { svgPen } from '../../../src-renderer/charts/svg-pen'

const ink = {
  font: 'sans',
  text: 'text',
  soft: 'soft',
  faint: 'faint',
  grid: 'grid',
  surface: 'surface',
  change: 'change',
  trouble: 'trouble',
  second: 'second',
  good: 'good',
  info: 'info',
  warning: 'warning'
}

function svgOf(picture: Partial<Picture>): Document {
  const pen = svgPen('sans', (colour) => `of ${colour}`)
  const whole: Picture = {
    from: 0,
    to: 10,
    left: linearAxis(0, 4),
    lines: [],
    dots: [],
    occasions: [],
    gutter: false,
    zeros: [],
    odd: [],
    ticks: [],
    showSteps: true,
    ...picture
  }
  paintPicture(pen, whole, ink, { width: 188, height: 128 })
  return new DOMParser().parseFromString(pen.finish(188, 128), 'image/svg+xml')
}

const pathsOf = (svg: Document, colour: string): (string | null)[] =>
  [...svg.querySelectorAll(`path[stroke="of ${colour}"]`)].map((path) => path.getAttribute('d'))

test('a line of the picture is a path of the file, broken where the picture breaks it', () => {
  const svg = svgOf({
    lines: [
      {
        colour: 'blue',
        width: 1,
        side: 'left',
        points: [
          { x: 0, y: 0 },
          { x: 5, y: 0 },
          { x: 6, y: null },
          { x: 10, y: 0 }
        ]
      }
    ]
  })
  // The plot is 100 pixels wide from pixel 44, and the bottom of the axis lies at pixel 108.
  expect(pathsOf(svg, 'blue')).toEqual(['M44 108L94 108M144 108'])
})

test('texts are escaped', () => {
  const svg = svgOf({ occasions: [{ step: 1, tone: 'change', text: 'a < b & "c"' }] })
  expect([...svg.querySelectorAll('text')].map(({ textContent }) => textContent)).toContain('a < b & "c"')
})

test('zeros stand in the gutter and what is not finite at the top, each with its shape', () => {
  const svg = svgOf({
    gutter: true,
    zeros: [{ step: 2, colour: 'blue', marker: 'circle' }],
    odd: [{ step: 4, colour: 'gold', oddity: 'nan' }]
  })
  const placeOf = (colour: string): string | null | undefined =>
    svg.querySelector(`path[stroke="of ${colour}"]`)?.getAttribute('transform')
  expect([placeOf('blue'), placeOf('gold')]).toEqual(['translate(64 92)', 'translate(84 16)'])
})
