import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure } from '#contract/failure'
import {
  isFields,
  isName,
  LARGEST_FILE_BYTES,
  LARGEST_TEXT_BYTES,
  parseFields,
  readBounded,
  tooLarge
} from '../files'
import type { Fields, Importer, ModelFile, ModelPlace, StoredTensor } from '../importer'
import { show } from '../keras/options'
import { roleIn } from './h5'
import { readWeight, weightOf, type Weight } from './tfjs-weights'

const MODEL_FILE = 'model.json'
/** What our own exports have beside the model. */
const ABOUT_FILE = 'steadygrad.json'

/** A TensorFlow.js layers model: `model.json`, and files with the weights beside it. */
export const tfjs: Importer = {
  match: ({ path, entries, start }: ModelPlace) =>
    entries
      ? entries.includes(MODEL_FILE)
      : /\.json$/i.test(path) &&
        /"(modelTopology|weightsManifest|layers-model|graph-model)"/.test(new TextDecoder().decode(start)),
  async open(given) {
    const path = await modelFileOf(given)
    const model = parseFields(new TextDecoder().decode(await readBounded(path, LARGEST_TEXT_BYTES)), path)
    if (model.format === 'graph-model') throw new Failure('import.graphModel', { path })
    const { modelTopology: topology } = model
    if (!isFields(topology)) throw new Failure('import.badPart', { path, part: 'modelTopology' })
    const weights = await readWeights(model, path)
    const ours = await readOurs(dirname(path))
    return {
      path,
      format: 'tfjs',
      madeBy: makerOf(model, topology),
      // A converted model has the words of Keras one level deeper.
      architecture: isFields(topology.model_config) ? topology.model_config : topology,
      ...compiledOf(model.trainingConfig ?? topology.training_config),
      ...(ours && { ours }),
      tensorsOf: ({ name }) => weights.filter(({ of }) => of.includes(`/${name}/`)),
      close: () => undefined
    }
  }
}

const modelFileOf = async (path: string): Promise<string> =>
  (await stat(path)).isDirectory() ? join(path, MODEL_FILE) : path

function makerOf(model: Fields, topology: Fields): string {
  const parts = [model.generatedBy, topology.keras_version].filter((part) => typeof part === 'string')
  return parts.join(', ') || 'TensorFlow.js'
}

function compiledOf(training: unknown): Pick<ModelFile, 'compiled'> {
  if (!isFields(training)) return {}
  return { compiled: { loss: training.loss, optimizer: training.optimizer_config } }
}

/** A weight with the names of what it belongs to, such as `/lstm/lstm_cell/`. */
interface NamedWeight extends StoredTensor {
  of: string
}

/** Everything that the manifest lists, with its bytes. @throws Failure `import.*` that names the file */
async function readWeights(model: Fields, path: string): Promise<NamedWeight[]> {
  const groups = model.weightsManifest ?? []
  if (!Array.isArray(groups)) throw new Failure('import.badPart', { path, part: 'weightsManifest' })
  const weights: NamedWeight[] = []
  let room = LARGEST_FILE_BYTES
  for (const [index, group] of groups.entries()) {
    const part = `weightsManifest[${index}]`
    const { paths, weights: entries } = isFields(group) ? group : {}
    if (!Array.isArray(paths) || !Array.isArray(entries)) throw new Failure('import.badPart', { path, part })
    const listed = entries.map((entry: unknown, at) => weightOf(entry, path, `${part}.weights[${at}]`))
    const expected = listed.reduce((sum, { bytes }) => sum + bytes, 0)
    const content = await readShards(paths as unknown[], expected, room, path)
    room -= content.byteLength
    weights.push(...placed(listed, content, path))
  }
  return weights
}

function placed(listed: readonly Weight[], content: Uint8Array, path: string): NamedWeight[] {
  let end = 0
  return listed.map((weight) => {
    const start = end
    end += weight.bytes
    return {
      name: roleIn(weight.name),
      of: `/${weight.name}`,
      shape: weight.shape,
      read: () => readWeight(weight, content.subarray(start, start + weight.bytes), path)
    }
  })
}

/** The files of one group, one behind the other; their sizes are compared with the shapes before any is read. */
async function readShards(
  names: readonly unknown[],
  expected: number,
  room: number,
  path: string
): Promise<Uint8Array> {
  if (expected > room) throw tooLarge(path, expected, LARGEST_FILE_BYTES)
  const files = names.map((name) => {
    // A path that leads elsewhere is none of a model's business.
    if (!isName(name) || basename(name) !== name || name === '..')
      throw new Failure('import.badShard', { path, name: show(name) })
    return join(dirname(path), name)
  })
  const sizes = await Promise.all(files.map((file) => sizeOf(file, path)))
  const found = sizes.reduce((sum, size) => sum + size, 0)
  if (found !== expected)
    throw new Failure('import.wrongBytes', { path, files: names.join(', '), expected, found })
  const content = new Uint8Array(found)
  let filled = 0
  for (const [index, file] of files.entries()) {
    const bytes = await readBounded(file)
    if (bytes.byteLength !== sizes[index])
      throw new Failure('import.wrongBytes', {
        path,
        files: basename(file),
        expected: sizes[index],
        found: bytes.byteLength
      })
    content.set(bytes, filled)
    filled += bytes.byteLength
  }
  return content
}

const sizeOf = (file: string, path: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => {
      throw new Failure('import.missingShard', { path, name: basename(file) })
    }
  )

/** What lies beside an export of ours; what is not ours, or not JSON, is not asked about. */
async function readOurs(folder: string): Promise<ModelFile['ours']> {
  try {
    const text = await readFile(join(folder, ABOUT_FILE), 'utf8')
    const { experiment, addedLayers } = JSON.parse(text) as { experiment?: unknown; addedLayers?: unknown }
    return { experiment, added: Array.isArray(addedLayers) ? addedLayers.filter(isName) : [] }
  } catch {
    return undefined
  }
}
