import { Failure } from '#contract/failure'
import { readBytes, withFile } from '../files'
import { differs, isSame, sizeOf, type RawSamples, type SampleForm } from './form'

/** Numbers as text take about 20 bytes each; more than this is not a file of samples to try. */
const JSON_BUDGET_BYTES = 256 * 2 ** 20
const MAX_DIMENSIONS = 8

/**
 * The numbers of one sample or of a list of samples, flat or nested.
 * @throws Failure `data.jsonTooLarge`, `data.notAList`, `data.notANumber`, `data.ragged`, `data.shapeDiffers`, `storage.*`
 */
export async function readJsonSamples(path: string, { shape }: SampleForm): Promise<RawSamples> {
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

/** Sizes along the first entries of nested lists; `flatten` checks that the others are alike. */
function shapeOf(data: unknown): number[] {
  const shape: number[] = []
  for (let at = data; Array.isArray(at) && shape.length < MAX_DIMENSIONS; at = at[0] as unknown)
    shape.push(at.length)
  return shape
}

function flatten(path: string, data: unknown, shape: readonly number[]): Float32Array {
  const values = new Float32Array(sizeOf(shape))
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
