import type { Confusion, Deviations, Look, SamplePage } from '#contract/look'
import { randomFrom } from '#contract/random'
import { blankRaster, paintStroke, type StrokePoint } from '../../src-renderer/components/drawing/raster'
import { prepareDrawing } from '../../src-renderer/components/drawing/prepare'

/** Digits as lines through points, in tenths of the sheet: x and y of each. */
const lines = [
  ['51 32 25 38 59 78 85 72 51'],
  ['43 51 59'],
  ['23 41 72 74 38 29 89'],
  ['22 51 73 45 77 59 28'],
  ['41 26 86', '63 69'],
  ['71 31 34 64 77 59 28'],
  ['61 34 27 49 78 76 36'],
  ['21 81 49'],
  ['55 33 51 73 55 37 59 77 55'],
  ['74 45 33 51 72 74 69']
].map((digit) => digit.map((line) => line.split(' ').map(([x, y]) => [Number(x), Number(y)])))

/** Class of the sample at a position of a part; every class comes round. */
export const fakeClass = (index: number): number => (index * 7 + Math.floor(index / 10)) % 10

/** A digit in a hand of its own, as a sample of 28 × 28 × 1. */
export function fakeDigit(digit: number, index: number): Float32Array {
  const random = randomFrom(index * 31 + digit)
  const near = (size: number): number => (random() - 0.5) * size
  const [slant, width, radius] = [near(0.4), 0.7 + near(0.3), 0.04 + near(0.02)]
  const raster = blankRaster(140, 140)
  for (const line of lines[digit])
    paintStroke(
      raster,
      line.map(([x, y]): StrokePoint => ({
        x: 0.5 + ((x - 5) * width) / 12 + (slant * (5 - y)) / 20 + near(0.05),
        y: 0.5 + (y - 5) / 12 + near(0.05),
        radius
      }))
    )
  return prepareDrawing(raster, 28, 28)?.map(Math.round) ?? new Float32Array(784)
}

/** How alike two pictures are, as the cosine of the angle between them. */
function likeness(a: Float32Array, b: Float32Array): number {
  let [dot, first, second] = [0, 0, 0]
  a.forEach((value, index) => {
    dot += value * b[index]
    first += value * value
    second += b[index] * b[index]
  })
  return first * second === 0 ? 0 : dot / Math.sqrt(first * second)
}

const patterns = Array.from({ length: 10 }, (_, digit) =>
  [1, 2, 3, 4, 5, 6].map((index) => fakeDigit(digit, 1000 + index))
)

/** Probabilities of the ten digits: the nearest of a few hands, sharper the longer was trained. */
export function fakeOutputs(features: Float32Array, step: number): Float32Array {
  const scores = patterns.map((hands) => Math.max(...hands.map((hand) => likeness(hand, features))))
  const sharpness = 6 + Math.min(40, step / 10)
  const powers = scores.map((score) => Math.exp(sharpness * score))
  const sum = powers.reduce((total, power) => total + power, 0)
  return Float32Array.from(powers, (power) => power / sum)
}

/** How a fairly good classifier does on 10,000 samples of `fakeClass`: a few digits are taken for their likes. */
export function fakeConfusion(step: number): Confusion {
  const likes: Record<number, [number, number][]> = {
    2: [[7, 9]],
    3: [[5, 12]],
    4: [[9, 21]],
    5: [[3, 8]],
    7: [
      [1, 6],
      [2, 11]
    ],
    8: [[3, 5]],
    9: [[4, 17]]
  }
  const classes = lines.map((_, digit) => String(digit))
  const counts = classes.flatMap((_, actual) => {
    const wrong = new Map(likes[actual] ?? [])
    const missed = [...wrong.values()].reduce((sum, count) => sum + count, 0)
    return classes.map((_, predicted) => (predicted === actual ? 1000 - missed : (wrong.get(predicted) ?? 0)))
  })
  const ofClass = (actual: number, count: number, from: number): number[] =>
    Array.from({ length: 10_000 }, (_, index) => index)
      .filter((index) => fakeClass(index) === actual)
      .slice(from, from + count)
  const cells = counts.flatMap((count, place) => {
    const [actual, predicted] = [Math.floor(place / 10), place % 10]
    return count === 0
      ? []
      : [{ actual, predicted, samples: ofClass(actual, Math.min(count, 50), predicted * 60) }]
  })
  const mistakes = cells
    .filter(({ actual, predicted }) => actual !== predicted)
    .flatMap(({ actual, predicted, samples }) =>
      samples.slice(0, 4).map((sample, place) => ({
        sample,
        actual,
        predicted,
        probability: 0.999 - 0.11 * place - 0.004 * predicted
      }))
    )
    .sort((a, b) => b.probability - a.probability)
  const classScores = classes.map((name, label) => ({
    name,
    samples: counts
      .slice(label * classes.length, (label + 1) * classes.length)
      .reduce((sum, each) => sum + each, 0)
  }))
  return { step, classes, counts, classScores, cells, mistakes, part: 'test' }
}

/** Samples as the worker would send them. */
export function fakeSamples(
  question: { part: 'train' | 'test'; class?: number; indices?: number[]; offset: number; count: number },
  counts: { train: number; test: number }
): SamplePage {
  const every = Array.from({ length: counts[question.part] }, (_, index) => index)
  const fitting =
    question.indices ??
    every.filter((index) => question.class === undefined || fakeClass(index) === question.class)
  const indices = fitting.slice(question.offset, question.offset + question.count)
  const features = new Float32Array(indices.length * 784)
  indices.forEach((index, place) => features.set(fakeDigit(fakeClass(index), index), place * 784))
  return { total: fitting.length, indices, targets: indices.map(fakeClass), features }
}

/** What the layers of a model give for a sample: its picture, smeared in as many ways as there are maps. */
export function fakeLook(
  features: Float32Array,
  step: number,
  layers: { name: string; outputShape: number[] }[]
): Look {
  const outputs = fakeOutputs(features, step)
  const activations = layers.map(({ name, outputShape: shape }, depth) => {
    const random = randomFrom(depth + 1)
    const size = shape.reduce((product, side) => product * side, 1)
    const maps = shape.at(-1) ?? 1
    const weights = Array.from({ length: maps }, () => random() * 2 - 0.8)
    const values = Float32Array.from({ length: size }, (_, place) => {
      if (shape.length < 3) return Math.max(0, features[(place * 37) % 784] * weights[place] * 0.02)
      const [row, column] = [Math.floor(place / maps / shape[1]), Math.floor(place / maps) % shape[1]]
      const at = Math.floor((row * 28) / shape[0]) * 28 + Math.floor((column * 28) / shape[1])
      return Math.max(0, features[at] * weights[place % maps] * 0.01 - features[at + 1] * 0.002)
    })
    return {
      layer: name,
      shape,
      values: depth === layers.length - 1 ? outputs.map((share) => Math.log(share + 1e-9)) : values
    }
  })
  return { step, outputs, activations }
}

/** How a model that predicts numbers does on 100 samples: every tenth is off by one more. */
export function fakeDeviations(step: number): Deviations {
  const samples = Array.from({ length: 100 }, (_, index) => index)
  const error = (index: number): number => (index % 10 === 0 ? index / 10 : 0.1)
  const answersOf = (indices: number[]): Deviations['points'] => ({
    samples: indices,
    actual: Float32Array.from(indices),
    predicted: Float32Array.from(indices, (index) => index + error(index))
  })
  const largest = samples.toSorted((a, b) => error(b) - error(a)).slice(0, 10)
  return {
    step,
    part: 'test',
    count: 100,
    size: 1,
    mae: 0.54,
    r2: 0.99,
    points: answersOf(samples),
    largest: answersOf(largest)
  }
}
