import { basename } from 'node:path'
import { Failure } from '#contract/failure'
import type { Reader, SourceOf } from '../reader'
import { joinArrays } from './arrays'
import { assemble } from './assemble'
import { decodeNpy } from './npy-file'
import type { StoredArray } from './stored-array'
import { listZip, readZipped, type ZippedFile } from './zip-file'

/** Names that arrays usually have, by what they hold; of several in an archive the first one here is taken. */
const usual = {
  features: ['x_train', 'train_images', 'train_x', 'x', 'images', 'features', 'data', 'inputs', 'arr_0'],
  labels: ['y_train', 'train_labels', 'train_y', 'y', 'labels', 'targets', 'target', 'arr_1'],
  testFeatures: ['x_test', 'test_images', 'test_x', 'x_val', 'arr_2'],
  testLabels: ['y_test', 'test_labels', 'test_y', 'y_val', 'arr_3']
}
type Role = keyof typeof usual

/** An NPZ archive, as `numpy.savez` writes it, with arrays of features and labels. */
export const npz: Reader<'npz'> = {
  name: 'npz',
  match: ({ path, entries }) =>
    Promise.resolve(!entries && /\.npz$/i.test(path) ? { use: 'npz', path } : undefined),
  files: ({ path }) => [path],

  async open(source) {
    const { path } = source
    const arrays = new Map((await listZip(path)).map((entry) => [entry.name.replace(/\.npy$/i, ''), entry]))
    const decode = async (role: Role): Promise<StoredArray> => {
      const entry = find(source, arrays, role)
      if (!entry)
        throw new Failure('data.npz.noArray', {
          path,
          option: `data.source.${role}`,
          names: [...arrays.keys()].join(', ')
        })
      return decodeNpy(`${path}:${entry.name}`, await readZipped(path, entry))
    }
    const hasTest = find(source, arrays, 'testFeatures') ?? find(source, arrays, 'testLabels')
    const train = joinArrays(await decode('features'), await decode('labels'))
    const test = hasTest && joinArrays(await decode('testFeatures'), await decode('testLabels'))
    return assemble(basename(path), source, train, test, path, path)
  }
}

/** The array for a role: the one that the source names, else one with a usual name. @throws Failure `data.npz.noSuchArray` */
function find(
  source: SourceOf<'npz'>,
  arrays: ReadonlyMap<string, ZippedFile>,
  role: Role
): ZippedFile | undefined {
  const wanted = source[role]
  const names = [...arrays.keys()]
  if (wanted !== undefined && !arrays.has(wanted))
    throw new Failure('data.npz.noSuchArray', { path: source.path, name: wanted, names: names.join(', ') })
  const name =
    wanted ??
    usual[role]
      .map((each) => names.find((known) => known.toLowerCase() === each))
      .find((known) => known !== undefined)
  return name === undefined ? undefined : arrays.get(name)
}
