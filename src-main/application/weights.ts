import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Experiment } from '#contract/experiment'
import type { NamedTensor } from '#contract/model'
import { writeAtomically } from '../storage/atomic'
import { encodeSafetensors } from '../storage/safetensors'

/** Weights that experiments start from, in the library's `weights/`, each file under the hash of its content. */
export interface WeightStore {
  /**
   * Keeps tensors, or the bytes of a safetensors file, and answers with what `model.weights` calls them: the SHA-256 of
   * the file.
   * @throws Failure `storage.*`
   */
  keep(content: readonly NamedTensor[] | Uint8Array): Promise<string>
  /** The file that weights with this hash are in, if they are kept. */
  pathOf(hash: string): string
  /** What a trainer must be told of the weights that an experiment names: their file; nothing where it names none. */
  taskOf(experiment: Experiment): { weights?: string }
}

/** Opens the store of a library, which need not exist yet. */
export function openWeights(library: string): WeightStore {
  const pathOf = (hash: string): string => join(library, 'weights', `${hash}.safetensors`)
  return {
    pathOf,
    taskOf: ({ model: { weights } }) => (weights === undefined ? {} : { weights: pathOf(weights) }),
    async keep(content) {
      const bytes =
        content instanceof Uint8Array ? content : encodeSafetensors(content, { format: 'steadygrad' })
      const hash = createHash('sha256').update(bytes).digest('hex')
      // Written again even where it is kept already: that mends a damaged file.
      await writeAtomically(pathOf(hash), bytes)
      return hash
    }
  }
}
