import { Failure } from '#contract/failure'
import type { LayerOf } from '#contract/vocabulary'
import { activationOf } from './functions'
import type { Branching, Part } from './graph'
import type { KerasLayer } from './model'
import { expectDefault, flagOf, unfit } from './options'
import type { TensorSource } from './translation'

/** What goes past a branch. */
interface Shortcut {
  kind: LayerOf<'residual'>['shortcut']
  /** The layer that projects. */
  source?: KerasLayer
  tensorsOf: TensorSource[]
}

/**
 * The way past a branch: the input as it is, or one projection without bias that takes the stride which the shapes
 * leave; ours has no others.
 * @throws Failure `import.why.shortcut`, `import.why.option`
 */
export function readShortcut(
  parts: readonly Part[],
  inputShape: readonly number[],
  outputShape: readonly number[]
): Shortcut {
  if (parts.length === 0) return { kind: 'identity', tensorsOf: [] }
  const [part] = parts
  if (!isOneProjection(parts) || !('layer' in part))
    throw new Failure('import.why.shortcut', { layers: namesOf(parts).join(', ') })
  const { layer: source } = part
  if (source.className !== 'Dense') expectStrides(source, inputShape, outputShape)
  return {
    kind: 'projection',
    source,
    tensorsOf: [
      {
        role: 'shortcut/kernel',
        keras: 'kernel',
        ...(source.className === 'Dense' && { storedShape: (shape) => shape.slice(-2) })
      }
    ]
  }
}

/** The branch first, then what goes past it: of two ways that both do something, the projection goes past. */
export function sidesOf({ main, shortcut }: Branching): [branch: Part[], past: Part[]] {
  const isTurned = shortcut.length > 0 && !isOneProjection(shortcut) && isOneProjection(main)
  return isTurned ? [shortcut, main] : [main, shortcut]
}

const isOneProjection = (parts: readonly Part[]): boolean =>
  parts.length === 1 && 'layer' in parts[0] && isProjection(parts[0].layer)

/** Says whether a layer does nothing but mix the channels of each place. */
function isProjection({ className, config }: KerasLayer): boolean {
  if (!['Dense', 'Conv1D', 'Conv2D'].includes(className)) return false
  if (flagOf(config, 'use_bias', true) || activationOf(config) !== undefined) return false
  if (className === 'Dense') return true
  expectDefault(config, 'data_format', 'channels_last')
  expectDefault(config, 'groups', 1)
  return [config.kernel_size].flat().every((size) => size === 1)
}

function expectStrides(
  { config: { strides } }: KerasLayer,
  inputShape: readonly number[],
  outputShape: readonly number[]
): void {
  const given = [strides].flat()
  const taken = inputShape.slice(0, -1).map((length, axis) => Math.ceil(length / outputShape[axis]))
  if (taken.some((stride, axis) => stride !== (given[axis] ?? given[0]))) throw unfit('strides', strides)
}

const namesOf = (parts: readonly Part[]): string[] =>
  parts.map((part) => ('layer' in part ? part.layer.name : part.add.name))
