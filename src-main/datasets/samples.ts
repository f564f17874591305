import { extname, resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { readBytes, withFile } from './files'
import type { FeatureValues } from './reader'
import { readIdx } from './readers/idx-file'
import { featuresOf, sampleShape } from './readers/labelled'

/** Numbers as text take about 20 bytes each; more than this is not a file of samples to try. */
const JSON_BUDGET_BYTES = 256 * 2 ** 20
const MAX_DIMENSIONS = 8

/**
 * Samples of a file in raw form: an IDX file of images, or a `.json` file with the numbers of one sample or a list of
 * samples, flat or nested. At most `limit` of them; `shape` is the shape of one.
 * @throws Failure `data.shapeDiffers` with both shapes; `data.*`, `storage.*` for a file that cannot be used.
 */
export async function readSamples(
  path: string,
  shape: readonly number[],
  limit: number
): Promise<{ count: number; features: Float32Array<ArrayBuffer> }> {
  const file = resolve(path)
  const { count, values } =
    extname(file).toLowerCase() === '.json' ? await readNumbers(file, shape) : await readImages(file, shape)
  if (count === 0) throw new Failure('data.empty', { path: file })
  const taken = Math.min(count, limit)
  return { count: taken, features: Float32Array.from(values.subarray(0, taken * sizeOf(shape))) }
}

async function readImages(path: string, shape: readonly number[]) {
  const array = await readIdx(path)
  const found = sampleShape(array)
  if (!isSame(found, shape)) throw differs(path, found, shape)
  return { count: array.shape[0], values: featuresOf(array) }
}

async function readNumbers(path: string, shape: readonly number[]) {
  const text = await withFile(path, async (file, size) => {
    if (size > JSON_BUDGET_BYTES)
      throw new Failure('data.jsonTooLarge', { path, limit: JSON_BUDGET_BYTES / 2 ** 20 })
    return new TextDecoder().decode(await readBytes(file, 0, size))
  })
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new Failure('storage.notJson', { path, problem: (error as Error).message })
  }
  if (!Array.isArray(data)) throw new Failure('data.notAList', { path })
  const found = shapeOf(data)
  if (found[0] === 0) throw new Failure('data.empty', { path })
  const fits = (sample: number[]): boolean => isSame(sample, shape) || isSame(sample, [sizeOf(shape)])
  const isList = fits(found.slice(1))
  if (!isList && !fits(found)) throw differs(path, found, shape)
  // Every number takes a character at least: a shape that the first entries promise cannot hold more than that.
  if (sizeOf(found) > text.length) throw new Failure('data.ragged', { path, place: '', expected: found[0] })
  return { count: isList ? found[0] : 1, values: flatten(path, data, found) }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, each) => product * each, 1)

/** Sizes along the first entries of nested lists; `flatten` checks that the others are alike. */
function shapeOf(data: unknown): number[] {
  const shape: number[] = []
  for (let at = data; Array.isArray(at) && shape.length < MAX_DIMENSIONS; at = at[0] as unknown)
    shape.push(at.length)
  return shape
}

function flatten(path: string, data: unknown, shape: readonly number[]): FeatureValues {
  const values = new Float32Array(shape.reduce((product, each) => product * each, 1))
  let filled = 0
  const walk = (at: unknown, depth: number, place: string): void => {
    if (depth === shape.length) {
      if (typeof at !== 'number' || !Number.isFinite(at))
        throw new Failure('data.notANumber', { path, place, found: JSON.stringify(at) })
      values[filled++] = at
      return
    }
    if (!Array.isArray(at) || at.length !== shape[depth])
      throw new Failure('data.ragged', { path, place, expected: shape[depth] })
    at.forEach((each, index) => walk(each, depth + 1, `${place}[${index}]`))
  }
  walk(data, 0, '')
  return values
}

/** Says whether two shapes are the same but for channels of one. */
const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  withoutOnes(a).join() === withoutOnes(b).join()
const withoutOnes = (shape: readonly number[]): number[] => {
  const last = shape.findLastIndex((each) => each !== 1)
  return shape.slice(0, last + 1)
}

const differs = (path: string, found: readonly number[], expected: readonly number[]): Failure =>
  new Failure('data.shapeDiffers', { path, found: found.join(' × '), expected: expected.join(' × ') })
