import { isFields, LARGEST_FILE_BYTES, LARGEST_TEXT_BYTES, parseFields, readBounded } from '../files'
import { openHdf5, type Hdf5 } from '../hdf5'
import type { Fields, Importer, StoredTensor } from '../importer'
import { unpack } from '../zip'

const ARCHITECTURE_FILE = 'config.json'
const ABOUT_FILE = 'metadata.json'
const WEIGHTS_FILE = 'model.weights.h5'
const LAYERS = '/layers'

/** Keras' own form: a zip archive with the architecture as JSON and the weights as HDF5, in the order of variables. */
export const keras: Importer = {
  match: ({ path, entries }) => !entries && /\.keras$/i.test(path),
  async open(path) {
    const archive = await readBounded(path)
    const json = (name: string): Fields =>
      parseFields(
        new TextDecoder().decode(unpack(archive, name, LARGEST_TEXT_BYTES, path)),
        `${path}/${name}`
      )
    const architecture = json(ARCHITECTURE_FILE)
    const { keras_version: version } = json(ABOUT_FILE)
    const weights = unpack(archive, WEIGHTS_FILE, LARGEST_FILE_BYTES, path)
    const file = await openHdf5(weights, `${path}/${WEIGHTS_FILE}`)
    try {
      const groups = groupsByName(file)
      return {
        path,
        format: 'keras',
        ...(typeof version === 'string' && { madeBy: `Keras ${version}` }),
        architecture,
        ...(isFields(architecture.compile_config) && { compiled: architecture.compile_config }),
        tensorsOf: ({ name, className, place }) =>
          tensorsIn(file, groups.get(name) ?? `${LAYERS}/${numbered(snakeCase(className), place)}`),
        close: () => file.close()
      }
    } catch (error) {
      file.close()
      throw error
    }
  }
}

/** The group of each layer; groups are named by class and number, and newer versions say for which layer. */
function groupsByName(file: Hdf5): Map<string, string> {
  const groups = new Map<string, string>()
  for (const name of file.names(LAYERS)) {
    const layer = file.texts(`${LAYERS}/${name}/vars`, 'name')?.[0]
    if (layer !== undefined) groups.set(layer, `${LAYERS}/${name}`)
  }
  return groups
}

/** The variables of a layer, then those of the cell, or the layer, that it holds. */
const tensorsIn = (file: Hdf5, group: string): StoredTensor[] =>
  [`${group}/vars`, `${group}/cell/vars`, `${group}/layer/vars`].flatMap((variables) =>
    file.names(variables).flatMap((_, index) => file.dataset(`${variables}/${index}`) ?? [])
  )

const numbered = (word: string, place: number): string => (place === 0 ? word : `${word}_${place}`)

/** `SeparableConv2D` as Keras writes it in names, `separable_conv2d`. */
export const snakeCase = (className: string): string =>
  className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
