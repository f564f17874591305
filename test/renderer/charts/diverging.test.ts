import { expect, test } from 'vitest'
import { factorAt, factorLevel, levelColour, levelInk, LEVELS } from '../../../src-renderer/charts/diverging'

const levels = Array.from({ length: 2 * LEVELS + 1 }, (_, index) => index - LEVELS)

/** Relative luminance of a colour in OKLCH (Ottosson, 2020). */
function luminance(colour: string): number {
  const [lightness, chroma, hue] = Array.from(colour.matchAll(/[\d.]+/g), Number)
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)]
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
  const green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
  const blue = -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short
  const shown = [red, green, blue].map((part) => Math.min(1, Math.max(0, part)))
  return 0.2126 * shown[0] + 0.7152 * shown[1] + 0.0722 * shown[2]
}

test.each([false, true])('a text on any level has a contrast of 4.5 at least (dark: %s)', (dark) => {
  const contrasts = levels.map((level) => {
    const ground = luminance(levelColour(level, dark)) + 0.05
    return levelInk(level, dark) === '#ffffff' ? 1.05 / ground : ground / 0.05
  })
  expect(Math.min(...contrasts)).toBeGreaterThan(4.5)
})

test('a factor within a tenth of 1 is level 0, smaller ones are below it and larger ones above', () => {
  expect([0.237, 0.91, 1, 1.09, 7.1].map(factorLevel)).toEqual([-5, 0, 0, 0, 7])
})

test('a zero and what is far away have the last levels', () => {
  expect([0, 1e-9, 1e9].map(factorLevel)).toEqual([-LEVELS, -LEVELS, LEVELS])
})

test('the factor at a level is the last one that has it', () => {
  const inner = levels.filter((level) => Math.abs(level) > 0 && Math.abs(level) < LEVELS)
  const nearer = (level: number): number => factorAt(level) * (level < 0 ? 1.001 : 0.999)
  expect(inner.map((level) => factorLevel(nearer(level)))).toEqual(inner)
})
