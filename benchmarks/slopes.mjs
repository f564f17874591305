// How the time of our step grows with the depth and the width of a network.

const DEPTHS = [4, 8, 16, 32]
const WIDTHS = [128, 256, 512, 1024]
const UNITS = 128
const LAYERS = 3

/**
 * The exponents of the power laws through measured times, for dense networks on 784 inputs.
 * @param {(layers: object[]) => Promise<number>} time milliseconds of a step
 */
export async function measureSlopes(time) {
  const depth = await measure(DEPTHS, (layers) => time(stack(layers, UNITS)))
  const width = await measure(WIDTHS, (units) => time(stack(LAYERS, units)))
  const sentence = `Ours grows as depth to the power of ${depth.exponent.toFixed(2)} (${DEPTHS[0]} to ${DEPTHS.at(-1)} dense layers of ${UNITS}) and as width to the power of ${width.exponent.toFixed(2)} (${LAYERS} dense layers of ${WIDTHS[0]} to ${WIDTHS.at(-1)}), batch 128.`
  return { depth, width, sentence }
}

/**
 * @param {number} depth
 * @param {number} units
 */
const stack = (depth, units) => [
  { use: 'flatten' },
  ...Array.from({ length: depth }, () => ({ use: 'dense', units, activation: 'relu' })),
  { use: 'dense', units: 10 }
]

/**
 * @param {number[]} sizes
 * @param {(size: number) => Promise<number>} time
 */
async function measure(sizes, time) {
  const milliseconds = []
  for (const size of sizes) milliseconds.push(await time(size))
  return { sizes, milliseconds, exponent: slopeOf(sizes.map(Math.log), milliseconds.map(Math.log)) }
}

/**
 * Slope of the straight line nearest to points, by least squares.
 * @param {number[]} x
 * @param {number[]} y
 */
function slopeOf(x, y) {
  const mean = (/** @type {number[]} */ values) => values.reduce((a, b) => a + b, 0) / values.length
  const [middleX, middleY] = [mean(x), mean(y)]
  const covariance = x.map((value, at) => (value - middleX) * (y[at] - middleY))
  return mean(covariance) / mean(x.map((value) => (value - middleX) ** 2))
}
