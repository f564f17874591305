import type { TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'
import { shapeOf, type Attribute } from './graph'
import { ownOperations, type OwnOperation } from './own-operations'
import type { RecordedConstant, RecordedOperation, Recording } from './record'
import { rewrite } from './rewrite'

/** Where the value of a recorded tensor comes from in the graph, `node:output`, by its handle. */
export type Endpoints = Map<number, string>

/**
 * Writes what a recording holds into the graph of a program, at a place. `endpoints` knows what was there before
 * (inputs, state) and then everything that is needed for `wanted`; the rest of the record is left out. Returns how
 * many operations were written, and the handles that neither the record nor `endpoints` explains.
 */
export function translate(
  recording: Recording,
  wanted: readonly number[],
  place: Omit<OwnOperation, 'inputs' | 'attributes'>,
  endpoints: Endpoints,
  binding: TFJSBinding
): { operations: number; unknown: number[] } {
  const { graph, program } = place
  const entries = rewrite(recording.entries)
  const needed = neededFor(wanted, entries, endpoints)
  const unknown = new Set<number>(needed.unknown)
  /** What operations of our own gave: the same from the same is written once. */
  const given = new Map<string, string[]>()
  let operations = 0
  for (const entry of entries) {
    if (!needed.entries.has(entry)) continue
    if (entry.kind === 'constant') {
      endpoints.set(entry.id, graph.constant(entry.type, entry.shape, entry.values))
      continue
    }
    const inputs = entry.inputs.map((id) => endpoints.get(id) ?? '')
    const attributes = Object.fromEntries(
      entry.attributes.map((attribute) => [attribute.name, attributeOf(attribute, binding)])
    )
    const own = ownOperations[entry.op]
    const key = own && JSON.stringify([entry.op, inputs, entry.attributes])
    const outputs =
      given.get(key ?? '') ??
      own?.({ ...place, inputs, attributes }) ??
      namesOf(graph.add(`${program}/${entry.op}`, entry.op, inputs, attributes), entry.outputs.length)
    if (key !== undefined) given.set(key, outputs)
    entry.outputs.forEach(({ id }, index) => endpoints.set(id, outputs[index]))
    operations++
  }
  return { operations, unknown: [...unknown] }
}

const namesOf = (node: string, outputs: number): string[] =>
  Array.from({ length: outputs }, (_, index) => `${node}:${index}`)

/** The entries of a record that lead to the wanted tensors. */
function neededFor(
  wanted: readonly number[],
  entries: Recording['entries'],
  endpoints: Endpoints
): { entries: Set<RecordedOperation | RecordedConstant>; unknown: number[] } {
  const makers = new Map<number, RecordedOperation | RecordedConstant>()
  for (const entry of entries) {
    if (entry.kind === 'constant') makers.set(entry.id, entry)
    else for (const { id } of entry.outputs) makers.set(id, entry)
  }
  const needed = new Set<RecordedOperation | RecordedConstant>()
  const unknown: number[] = []
  const open = [...wanted]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (endpoints.has(id)) continue
    const maker = makers.get(id)
    if (!maker) unknown.push(id)
    else if (!needed.has(maker)) {
      needed.add(maker)
      if (maker.kind === 'operation') open.push(...maker.inputs)
    }
  }
  return { entries: needed, unknown }
}

/** An attribute of an eager operation as a graph has it. @throws Error for a kind that tfjs-node does not use */
function attributeOf({ name, type, value }: TFEOpAttr, binding: TFJSBinding): Attribute {
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return { type: value as number }
    case binding.TF_ATTR_INT:
      return Array.isArray(value) ? { list: { i: value } } : { i: value as number }
    case binding.TF_ATTR_FLOAT:
      return Array.isArray(value) ? { list: { f: value } } : { f: value as number }
    case binding.TF_ATTR_BOOL:
      return { b: value as boolean }
    case binding.TF_ATTR_STRING:
      return { s: Buffer.from(value as string) }
    case binding.TF_ATTR_SHAPE:
      return { shape: shapeOf(value as number[]) }
    default:
      throw new Error(`attribute ${name} has a type that graphs of ours do not know: ${type}`)
  }
}
