import { setImmediate as nextTurn } from 'node:timers/promises'
import { normalFrom, randomFrom } from '#contract/random'
import { Failure } from '#contract/failure'
import { checkBudget } from '../files'
import type { Reader, Samples } from '../reader'
import { absolute } from './synthetic/absolute'
import { adding } from './synthetic/adding'
import { blobs } from './synthetic/blobs'
import { circles } from './synthetic/circles'
import type { Generator, GeneratorName, Settings } from './synthetic/generator'
import { polynomial } from './synthetic/polynomial'
import { regression } from './synthetic/regression'
import { spirals } from './synthetic/spirals'
import { xor } from './synthetic/xor'

const USUAL_SAMPLES = 1_000
const USUAL_FEATURES = 20
const USUAL_INFORMATIVE = 10
const USUAL_LENGTH = 100
/** So many samples are drawn before others get their turn. */
const SAMPLES_PER_TURN = 10_000

const generators: Record<GeneratorName, Generator> = {
  circles,
  blobs,
  xor,
  spirals,
  absolute,
  polynomial,
  regression,
  adding
}

/** Data from a formula with random numbers: the same options give the same samples. */
export const synthetic: Reader<'synthetic'> = {
  name: 'synthetic',
  files: () => [],

  async open(source, progress) {
    const { seed, samples } = source
    const generator = generators[source.generator]
    const features = source.features ?? USUAL_FEATURES
    const settings: Settings = {
      ...(samples !== undefined && { samples }),
      noise: source.noise ?? generator.usualNoise ?? 0,
      features,
      informative: source.informative ?? Math.min(USUAL_INFORMATIVE, features),
      length: source.length ?? USUAL_LENGTH
    }
    if (settings.informative > features)
      throw new Failure('data.synthetic.informative', { informative: settings.informative, features })
    const columns = generator.columns?.(settings)
    const featureShape = generator.featureShape?.(settings) ?? [columns?.length ?? 1]
    const size = featureShape.reduce((product, each) => product * each, 1)
    const count = samples ?? generator.fixedSamples ?? USUAL_SAMPLES
    checkBudget(source.generator, count * (size + 1) * Float32Array.BYTES_PER_ELEMENT)

    const uniform = randomFrom(seed, 'synthetic', source.generator)
    const draw = generator.draw(settings, uniform, normalFrom(uniform))
    const train: Samples = {
      count,
      features: new Float32Array(count * size),
      targets: generator.classes ? new Int32Array(count) : new Float32Array(count)
    }
    const values = train.features as Float32Array
    for (let index = 0; index < count; index++) {
      train.targets[index] = draw(values.subarray(index * size, (index + 1) * size), index)
      if (index % SAMPLES_PER_TURN === SAMPLES_PER_TURN - 1) {
        progress?.(index, count)
        await nextTurn()
      }
    }
    const isWhole = samples === undefined && generator.fixedSamples !== undefined
    return {
      name: source.generator,
      source,
      featureShape,
      ...(columns && {
        columns: columns.map((name, place) => describeColumn(name, values, place, size)),
        target: 'target'
      }),
      ...(generator.classes ? { classes: generator.classes } : { targetSize: 1 }),
      train,
      // What is given as a whole is tested as a whole.
      ...(isWhole && { test: train }),
      findings: [
        {
          kind: 'formula',
          severity: 'info',
          part: 'train',
          count,
          examples: [],
          message: {
            key: `data.formula.${source.generator}`,
            values: { ...settings, count, seed: String(seed) }
          }
        }
      ]
    }
  }
}

function describeColumn(name: string, values: Float32Array, place: number, size: number) {
  let smallest = Infinity
  let largest = -Infinity
  for (let at = place; at < values.length; at += size) {
    if (values[at] < smallest) smallest = values[at]
    if (values[at] > largest) largest = values[at]
  }
  return { name, kind: 'number' as const, missing: 0, range: [smallest, largest] as [number, number] }
}
