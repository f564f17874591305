import type { Picked } from './picked-files'

/** As much of a text is looked at as tells what it is. */
const START_CHARACTERS = 4096
/** What the file of a TensorFlow.js model names at its beginning. */
const TOPOLOGY = /"(modelTopology|weightsManifest|layers-model|graph-model)"/

/**
 * Says whether files that a user chose or dropped are a model of another program: a `.keras` or `.h5` file alone, or
 * the `.json` of a TensorFlow.js model, with the weights beside it.
 */
export async function holdModel(files: readonly Picked[]): Promise<boolean> {
  if (files.length === 1 && /\.(keras|h5|hdf5)$/i.test(files[0].path)) return true
  const near = files.filter(({ path }) => /\.json$/i.test(path) && path.split('/').length <= 2)
  const starts = await Promise.all(near.map(({ file }) => file.slice(0, START_CHARACTERS).text()))
  return starts.some((start) => TOPOLOGY.test(start))
}
