import { resolve } from 'node:path'
import { Failure } from '#contract/failure'
import { shapeOfSample } from './readers/arrays'
import { readIdx } from './readers/idx-file'
import { isImageName } from './readers/images/read-image'
import { featuresOf, finite, sampleShape } from './readers/labelled'
import { readNpy } from './readers/npy-file'
import type { StoredArray } from './readers/stored-array'
import { differs, isSame, sizeOf, type RawSamples, type SampleForm } from './samples/form'
import { readImageSample } from './samples/image'
import { readJsonSamples } from './samples/json'
import { readTableSamples } from './samples/table'

/**
 * Samples of a file in raw form, at most `limit` of them: an image, the rows of a CSV file, an NPY file, a `.json` file
 * with the numbers of one sample or a list of samples, or an IDX file of images.
 * @throws Failure `data.shapeDiffers` with both shapes; `data.*`, `storage.*` for a file that cannot be used.
 */
export async function readSamples(
  path: string,
  form: SampleForm,
  limit: number
): Promise<{ count: number; features: Float32Array<ArrayBuffer> }> {
  const file = resolve(path)
  const { count, values } = await readFileSamples(file, form, limit)
  if (count === 0) throw new Failure('data.empty', { path: file })
  const taken = Math.min(count, limit)
  return { count: taken, features: Float32Array.from(values.subarray(0, taken * sizeOf(form.shape))) }
}

async function readFileSamples(path: string, form: SampleForm, limit: number): Promise<RawSamples> {
  if (/\.json$/i.test(path)) return readJsonSamples(path, form)
  if (/\.(csv|tsv)$/i.test(path)) return readTableSamples(path, form, limit)
  if (isImageName(path)) return readImageSample(path, form)
  if (/\.npy$/i.test(path)) {
    const array = await readNpy(path)
    // One sample without a dimension for samples.
    if (isSame(array.shape, form.shape))
      return fromArray({ ...array, shape: [1, ...array.shape] }, array.shape, form)
    return fromArray(array, shapeOfSample(array), form)
  }
  const array = await readIdx(path)
  return fromArray(array, sampleShape(array), form)
}

function fromArray(array: StoredArray, found: readonly number[], { shape }: SampleForm): RawSamples {
  if (!isSame(found, shape)) throw differs(array.path, found, shape)
  const values = featuresOf(array)
  return {
    count: array.shape[0],
    values: values instanceof Uint8Array ? values : finite({ ...array, values })
  }
}
