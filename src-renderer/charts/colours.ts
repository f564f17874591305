/** Shapes that tell layers apart where colour does not. */
export const markers = ['circle', 'triangle', 'rect', 'rectRot', 'crossRot', 'star'] as const
export type Marker = (typeof markers)[number]

/**
 * Colour of a layer by its depth: a ramp in OKLCH (Ottosson, 2020) from blue over magenta and orange to yellow.
 * Lightness rises evenly along it, so that the order survives colour blindness and grey print.
 */
export function layerColour(index: number, count: number, dark: boolean): string {
  const depth = count > 1 ? index / (count - 1) : 0
  const [darkest, lightest] = dark ? [0.58, 0.88] : [0.42, 0.74]
  const lightness = darkest + (lightest - darkest) * depth
  const hue = (266 + 174 * depth) % 360
  return `oklch(${lightness.toFixed(3)} 0.155 ${hue.toFixed(1)})`
}

/** Shape of a layer; neighbours differ. */
export const layerMarker = (index: number): Marker => markers[index % markers.length]
