/** Range of an axis with the places and texts of its ticks. */
export interface Axis {
  low: number
  high: number
  ticks: { value: number; text: string }[]
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Ten to a whole power, as people write it. */
export function writePower(power: number): string {
  if (power === 0) return '1'
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')
  return `10${power < 0 ? '⁻' : ''}${digits}`
}

/** An axis in whole powers of ten around values that are given as log10; two decades at least. */
export function logarithmicAxis(smallest: number, largest: number): Axis {
  if (smallest > largest) return logarithmicAxis(-4, 0)
  const low = Math.floor(smallest)
  const high = Math.max(Math.ceil(largest), low + 2)
  const stride = Math.ceil((high - low) / 6)
  const ticks = []
  for (let power = low; power <= high; power += stride) ticks.push({ value: power, text: writePower(power) })
  return { low, high, ticks }
}

/** An axis with about so many round strides around values; `write` puts a tick into words. */
export function linearAxis(
  smallest: number,
  largest: number,
  write: (value: number) => string = writeTick,
  strides = 4
): Axis {
  if (smallest > largest) return linearAxis(0, 1, write, strides)
  const stride = roundUp((largest - smallest || Math.abs(largest) || 1) / strides)
  const low = Math.floor(smallest / stride) * stride
  const high = Math.max(Math.ceil(largest / stride), Math.round(low / stride) + 1) * stride
  const ticks = []
  for (let index = 0; index <= Math.round((high - low) / stride); index++) {
    const value = low + index * stride
    ticks.push({ value, text: write(value) })
  }
  return { low, high, ticks }
}

/** Numbers that are farther apart than so many times are shown on a logarithmic axis. */
const WIDE = 30

/** An axis, and where numbers lie on it: undefined for what has no place there. */
export interface Scale {
  axis: Axis
  height(value: number): number | undefined
}

/** A scale for numbers: logarithmic where that is wished, or where they are positive and far apart. */
export function scaleFor(numbers: readonly number[], logarithmic: boolean, strides?: number): Scale {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  if (logarithmic || (least > 0 && most > WIDE * least)) {
    const powers = numbers.filter((value) => value > 0).map(Math.log10)
    return {
      axis: logarithmicAxis(Math.min(...powers), Math.max(...powers)),
      height: (value) => (value > 0 && Number.isFinite(value) ? Math.log10(value) : undefined)
    }
  }
  return {
    axis: linearAxis(least, most, undefined, strides),
    height: (value) => (Number.isFinite(value) ? value : undefined)
  }
}

const writeTick = (value: number): string =>
  Math.abs(value) >= 1e5 ? value.toExponential(0).replace('e+', 'e') : String(Number(value.toPrecision(4)))

/** The next number of the form 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = value / power
  if (factor <= 1) return power
  if (factor <= 2) return 2 * power
  return factor <= 5 ? 5 * power : 10 * power
}
