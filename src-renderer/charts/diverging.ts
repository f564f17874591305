/** Steps of colour to either side of the healthy range, each half a power of ten. */
export const LEVELS = 12
const PER_DECADE = 2

/** Level of a value given as log10: 0 in the healthy range, negative below it, positive above it. */
export function levelOf(value: number, { low, high }: { low: number; high: number }): number {
  if (value < low) return -Math.min(Math.ceil((low - value) * PER_DECADE), LEVELS)
  if (value > high) return Math.min(Math.ceil((value - high) * PER_DECADE), LEVELS)
  return 0
}

/**
 * Colour of a level in OKLCH (Ottosson, 2020): no colour in the healthy range, cold blue below and warm red above.
 * Lightness leaves that of the surface evenly on both sides, so that the distance shows without colour.
 */
export function levelColour(level: number, dark: boolean): string {
  const share = Math.abs(level) / LEVELS
  const [near, far] = dark ? [0.33, 0.8] : [0.93, 0.42]
  const lightness = near + (far - near) * share
  const chroma = level === 0 ? 0.004 : 0.03 + 0.14 * share
  return `oklch(${lightness.toFixed(3)} ${chroma.toFixed(3)} ${level < 0 ? 250 : 38})`
}
