import { Failure } from '#contract/failure'
import type { SourceOf } from '../../reader'
import type { Cell } from './cell'
import { findTarget } from './target'

/** Names that a target usually has; of several the first one here is taken. */
const USUAL_TARGETS = ['target', 'label', 'class', 'y']
const LIST = 'features'
/** Values of one sample; more than any network here takes. */
const MAX_VALUES = 10_000_000
const MAX_DIMENSIONS = 3

/** What the fields of JSON objects mean. */
export interface Fields {
  /** Names of the values of a sample. */
  names: string[]
  target: string
  /** The field that holds all features as a list, nested or not, where there is one. */
  list?: { name: string; shape: number[] }
  /** Every field of the first object. */
  known: ReadonlySet<string>
}

/**
 * Finds out from the first object what its fields are: the target is the one that the source names, one with a usual
 * name, or the last one.
 * @throws Failure `data.table.noTarget`, `data.jsonLines.badList`
 */
export function fieldsOf(
  path: string,
  object: Record<string, unknown>,
  { target: wanted, ignore = [] }: Pick<SourceOf<'jsonLines'>, 'target' | 'ignore'>
): Fields {
  const all = Object.keys(object)
  const target =
    wanted === undefined
      ? (USUAL_TARGETS.find((name) => all.includes(name)) ?? all.at(-1) ?? '')
      : all[findTarget(path, all, wanted)]
  ignore.forEach((name) => findTarget(path, all, name))
  const names = all.filter((name) => name !== target && !ignore.includes(name))
  const known = new Set(all)
  const list = Array.isArray(object[LIST])
    ? LIST
    : names.length === 1 && Array.isArray(object[names[0]])
      ? names[0]
      : undefined
  if (list === undefined) return { names, target, known }

  const shape = shapeOf(object[list])
  const size = shape.reduce((product, each) => product * each, 1)
  if (shape.length > MAX_DIMENSIONS || size === 0 || size > MAX_VALUES)
    throw new Failure('data.jsonLines.badList', { path, field: list, shape: shape.join(' × ') })
  return {
    names: Array.from({ length: size }, (_, place) => `${list}[${place}]`),
    target,
    list: { name: list, shape },
    known
  }
}

/** Sizes along the first entries of nested lists. */
function shapeOf(list: unknown): number[] {
  const shape: number[] = []
  for (let at = list; Array.isArray(at) && shape.length <= MAX_DIMENSIONS; at = at[0] as unknown)
    shape.push(at.length)
  return shape
}

/** The values of a nested list in order; undefined where its shape is another. */
export function flatten(list: unknown, shape: readonly number[]): Cell[] | undefined {
  const cells: Cell[] = []
  const walk = (at: unknown, depth: number): boolean => {
    if (depth === shape.length) {
      if (Array.isArray(at)) return false
      cells.push(cellOf(at))
      return true
    }
    return Array.isArray(at) && at.length === shape[depth] && at.every((each) => walk(each, depth + 1))
  }
  return walk(list, 0) ? cells : undefined
}

/** A JSON value as a cell of a table. */
export function cellOf(value: unknown): Cell {
  if (typeof value === 'number' || typeof value === 'string') return value
  if (value === null || value === undefined) return undefined
  return JSON.stringify(value)
}
