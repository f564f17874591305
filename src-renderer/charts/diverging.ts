/** Steps of colour to either side of the healthy range, each half a power of ten. */
export const LEVELS = 12
const PER_DECADE = 2

/** Level of a value given as log10: 0 in the healthy range, negative below it, positive above it. */
export function levelOf(value: number, { low, high }: { low: number; high: number }): number {
  if (value < low) return -Math.min(Math.ceil((low - value) * PER_DECADE), LEVELS)
  if (value > high) return Math.min(Math.ceil((value - high) * PER_DECADE), LEVELS)
  return 0
}

const lightnessOf = (level: number, dark: boolean): number => {
  const [near, far] = dark ? [0.33, 0.8] : [0.93, 0.42]
  return near + ((far - near) * Math.abs(level)) / LEVELS
}

/**
 * Colour of a level in OKLCH (Ottosson, 2020): no colour in the healthy range, cold blue below and warm red above.
 * Lightness leaves that of the surface evenly on both sides, so that the distance shows without colour.
 */
export function levelColour(level: number, dark: boolean): string {
  const chroma = level === 0 ? 0.004 : 0.03 + (0.14 * Math.abs(level)) / LEVELS
  return `oklch(${lightnessOf(level, dark).toFixed(3)} ${chroma.toFixed(3)} ${level < 0 ? 250 : 38})`
}

/** Above this lightness black is read more easily than white; either has a contrast of 4.5 at least then. */
const MIDDLE_LIGHTNESS = 0.57

/** Colour of a text that stands on the colour of a level. */
export const levelInk = (level: number, dark: boolean): string =>
  lightnessOf(level, dark) < MIDDLE_LIGHTNESS ? '#ffffff' : '#000000'

/** Levels in a power of ten of a factor per layer; factors lie much closer together than norms. */
const PER_FACTOR_DECADE = 8
const FACTOR_SCALE = PER_FACTOR_DECADE / PER_DECADE
/** A factor in this range is taken for one that neither shrinks nor grows a gradient. */
const STEADY = { low: 0.9, high: 1.1 }
const steadyRange = {
  low: Math.log10(STEADY.low) * FACTOR_SCALE,
  high: Math.log10(STEADY.high) * FACTOR_SCALE
}

/** Level of what multiplies a gradient from layer to layer: 0 around 1, negative where it shrinks, positive where it grows. */
export const factorLevel = (factor: number): number => levelOf(Math.log10(factor) * FACTOR_SCALE, steadyRange)

/** The factor that is farthest from 1 among those of a level; 1 for level 0. */
export const factorAt = (level: number): number => {
  if (level === 0) return 1
  return 10 ** (((level < 0 ? steadyRange.low : steadyRange.high) + level / PER_DECADE) / FACTOR_SCALE)
}
