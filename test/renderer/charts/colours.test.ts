import { expect, test } from 'vitest'
import { layerColour, layerMarker } from '../../../src-renderer/charts/colours'

const lightness = (colour: string): number => Number(colour.slice('oklch('.length).split(' ')[0])

test('layers get lighter evenly with their depth, so that their order needs no hue', () => {
  const ramp = Array.from({ length: 8 }, (_, index) => lightness(layerColour(index, 8, false)))
  const rises = ramp.slice(1).map((value, index) => value - ramp[index])
  // Three decimals are written, so that two rises differ by a thousandth at most.
  expect([Math.min(...rises) > 0.04, Math.max(...rises) - Math.min(...rises) < 0.0011]).toEqual([true, true])
})

test('neighbouring layers have different markers', () => {
  const same = Array.from({ length: 20 }, (_, index) => layerMarker(index) === layerMarker(index + 1))
  expect(same).not.toContain(true)
})
