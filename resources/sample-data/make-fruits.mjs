// Makes resources/sample-data/fruits.csv: node resources/sample-data/make-fruits.mjs
// Nobody measured these fruits: every number comes from a seeded generator, so that the file belongs to nobody and is
// the same every time. Some fields are empty, as in tables that people keep.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROWS_PER_CLASS = 300
const EMPTY_SHARE = 0.02
const SEED = 1

/** Mean and standard deviation of each measure, and how often each colour comes up. */
const fruits = {
  apple: {
    measures: { weight: [170, 28], length: [72, 7], width: [77, 7], sugar: [12.2, 1.4], acid: [0.55, 0.14] },
    colours: { red: 5, green: 3, yellow: 2 }
  },
  pear: {
    measures: { weight: [178, 30], length: [92, 10], width: [70, 6], sugar: [12.6, 1.3], acid: [0.32, 0.1] },
    colours: { red: 1, green: 5, yellow: 4 }
  },
  quince: {
    measures: { weight: [215, 40], length: [86, 9], width: [82, 8], sugar: [11.6, 1.4], acid: [0.92, 0.17] },
    colours: { green: 1, yellow: 9 }
  },
  peach: {
    measures: { weight: [155, 26], length: [68, 6], width: [71, 6], sugar: [9.4, 1.3], acid: [0.64, 0.14] },
    colours: { red: 5, orange: 4, yellow: 2 }
  }
}
const digits = { weight: 0, length: 0, width: 0, sugar: 1, acid: 2 }

const uniform = mulberry32(SEED)
const lines = ['weight_g,length_mm,width_mm,sugar_percent,acid_percent,colour,fruit']
for (let row = 0; row < ROWS_PER_CLASS; row++)
  for (const [fruit, { measures, colours }] of Object.entries(fruits)) {
    // A large fruit is large in every direction.
    const size = normal()
    const fields = Object.entries(measures).map(([measure, [mean, deviation]]) => {
      const own = measure in { sugar: 0, acid: 0 } ? normal() : 0.8 * size + 0.6 * normal()
      return Math.max(mean + deviation * own, mean / 5).toFixed(digits[measure])
    })
    const whole = [...fields, pick(colours)]
    lines.push([...whole.map((field) => (uniform() < EMPTY_SHARE ? '' : field)), fruit].join(','))
  }
writeFileSync(join(import.meta.dirname, 'fruits.csv'), `${lines.join('\n')}\n`)

/** Uniform numbers in [0, 1) from a seed: mulberry32 (Tommy Ettinger, public domain). */
function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A standard normal number (Box and Muller, 1958). */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

function pick(shares) {
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0)
  let rest = uniform() * total
  for (const [name, share] of Object.entries(shares)) if ((rest -= share) < 0) return name
  throw new Error('shares must be positive')
}
