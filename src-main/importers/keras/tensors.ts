import { Failure } from '#contract/failure'
import type { ModelFile, StoredTensor } from '../importer'
import type { KerasLayer } from './model'
import type { TensorSource } from './translation'

/** One of our tensors with where its values are. */
export interface FoundTensor {
  role: string
  shape: readonly number[]
  /** Reads its values, row-major. @throws Failure `import.*` */
  read(): Float32Array
}

/**
 * Finds the values of a layer's tensors. Nothing is read before the shape in the file is the one that is needed.
 * @throws Failure `import.missingWeight`, `import.wrongShape`; `import.why.moreWeights` where the layer has others too
 */
export function takeTensors(
  { name, className, place }: KerasLayer,
  needed: readonly { role: string; shape: readonly number[] }[],
  sources: readonly TensorSource[],
  file: ModelFile
): FoundTensor[] {
  const stored = file.tensorsOf({ name, className, place })
  const expected = sources.filter(({ keras }) => keras !== undefined)
  const find = (source: TensorSource): StoredTensor => {
    const found =
      stored.find((tensor) => tensor.name === source.keras) ??
      stored.filter((tensor) => tensor.name === undefined).at(expected.indexOf(source))
    if (found) return found
    throw new Failure('import.missingWeight', { path: file.path, layer: name, weight: String(source.keras) })
  }
  if (stored.length > expected.length)
    throw new Failure('import.why.moreWeights', { expected: expected.length, found: stored.length })
  return needed.map(({ role, shape }): FoundTensor => {
    const source = sources.find((each) => each.role === role)
    if (!source) throw new Error(`${className}: nothing says where ${role} comes from`)
    const { fill } = source
    if (fill !== undefined) return { role, shape, read: () => new Float32Array(sizeOf(shape)).fill(fill) }
    const found = find(source)
    const storedShape = source.storedShape?.(shape) ?? shape
    if (String(found.shape) !== String(storedShape))
      throw new Failure('import.wrongShape', {
        path: file.path,
        layer: name,
        weight: String(source.keras),
        expected: showShape(storedShape),
        found: showShape(found.shape)
      })
    return { role, shape, read: found.read }
  })
}

/** How many numbers a tensor of this shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1)

/** A shape for people, such as `[28, 28, 1]`. */
export const showShape = (shape: readonly (number | null)[]): string =>
  `[${shape.map((length) => length ?? '?').join(', ')}]`
