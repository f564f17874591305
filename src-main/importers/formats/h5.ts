import { Failure } from '#contract/failure'
import { isFields, parseFields, readBounded } from '../files'
import { openHdf5, type Hdf5 } from '../hdf5'
import type { Importer, ModelFile, StoredTensor } from '../importer'

/** Every HDF5 file begins with these bytes. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
const WEIGHTS = '/model_weights'

/** Keras' older form: one HDF5 file with the architecture as a text and the weights by names of layers. */
export const h5: Importer = {
  match: ({ path, start }) =>
    SIGNATURE.every((byte, index) => start[index] === byte) || /\.(h5|hdf5)$/i.test(path),
  async open(path) {
    const file = await openHdf5(await readBounded(path), path)
    try {
      return describe(file, path)
    } catch (error) {
      file.close()
      throw error
    }
  }
}

function describe(file: Hdf5, path: string): ModelFile {
  const text = (attribute: string): string | undefined => file.texts('/', attribute)?.[0]
  const architecture = text('model_config')
  if (architecture === undefined)
    throw new Failure(holdsWeights(file) ? 'import.weightsOnly' : 'import.noModelInside', { path })
  const version = text('keras_version') ?? file.texts(WEIGHTS, 'keras_version')?.[0]
  const training = text('training_config')
  return {
    path,
    format: 'h5',
    ...(version !== undefined && { madeBy: `Keras ${version}` }),
    architecture: parseFields(architecture, `${path}/model_config`),
    ...(training !== undefined && { compiled: compiledOf(training, path) }),
    tensorsOf: ({ name }) => tensorsOf(file, name, path),
    close: () => file.close()
  }
}

/** Weights alone, as `save_weights` of Keras 2 and of Keras 3 write them. */
const holdsWeights = (file: Hdf5): boolean =>
  file.texts('/', 'layer_names') !== undefined || file.isGroup('/layers') || file.isGroup('/vars')

function compiledOf(text: string, path: string): ModelFile['compiled'] {
  const { loss, optimizer_config: optimizer } = parseFields(text, `${path}/training_config`)
  return { loss, ...(isFields(optimizer) && { optimizer }) }
}

function tensorsOf(file: Hdf5, layer: string, path: string): StoredTensor[] {
  const group = `${WEIGHTS}/${layer}`
  return listOf(file, group, 'weight_names').map((name) => {
    const dataset = file.dataset(`${group}/${name}`)
    if (!dataset) throw new Failure('storage.damaged', { path, problem: `${group}/${name}` })
    return { name: roleIn(name), ...dataset }
  })
}

/** The texts of an attribute, which is cut into numbered parts where it is long. */
function listOf(file: Hdf5, group: string, attribute: string): string[] {
  const whole = file.texts(group, attribute)
  if (whole) return whole
  const parts: string[] = []
  for (let number = 0; ; number++) {
    const part = file.texts(group, `${attribute}${number}`)
    if (!part) return parts
    parts.push(...part)
  }
}

/** `dense/kernel:0` is the kernel. */
export const roleIn = (name: string): string => name.slice(name.lastIndexOf('/') + 1).replace(/:\d+$/, '')
