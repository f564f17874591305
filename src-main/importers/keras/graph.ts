import type { Message } from '#contract/messages'
import type { KerasLayer, KerasModel } from './model'

/** A layer of a chain, or a branch whose end is added to what goes past it. */
export type Part = { layer: KerasLayer } | Branching

export interface Branching {
  /** The layer that adds. */
  add: KerasLayer
  /** The longer of both ways from the fork to the addition. */
  main: Part[]
  /** The other one; empty where it takes the input as it is. */
  shortcut: Part[]
}

/** A model in the order of computation, or why it is not a chain, by the names of layers. */
export interface Arrangement {
  parts: Part[]
  problems: Map<string, Message>
}

/** Layers that add, and what Keras makes of `x + y`. */
const ADDITIONS = ['Add', 'TFOpLambda']

/**
 * The layers of a model as a chain with branches whose ends are added; the input layers are left out.
 * A layer that has no place in that is named with the reason.
 */
export function arrange({ isSequential, layers, outputs }: KerasModel): Arrangement {
  const problems = new Map<string, Message>()
  if (isSequential) return { parts: layers.filter(isNoInput).map((layer) => ({ layer })), problems }
  const inputs = layers.filter((layer) => !isNoInput(layer))
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const refuse = (name: string, key: Message['key'], values: Message['values'] = {}): void => {
    if (!problems.has(name)) problems.set(name, { key, values })
  }
  inputs.slice(1).forEach(({ name }) => refuse(name, 'import.why.secondInput'))
  outputs.slice(1).forEach((name) => refuse(name, 'import.why.secondOutput'))
  for (const { name, calls } of layers)
    if (calls.length > 1) refuse(name, 'import.why.shared', { times: calls.length })

  const end = outputs.length > 0 ? byName.get(outputs[0]) : undefined
  const order = end && orderedFrom(end, byName)
  if (!order || inputs.length === 0) {
    refuse(layers.at(-1)?.name ?? '', 'import.why.noPath')
    return { parts: [], problems }
  }
  const graph = describe(order)
  const walk = createWalk(graph, refuse)
  const parts = walk(inputs[0].name, end.name)
  if (problems.size === 0)
    for (const { name } of order.filter(isNoInput))
      if (!graph.seen.has(name)) refuse(name, 'import.why.branches')
  return { parts, problems }
}

/** Connections among the layers that the output depends on. */
interface Graph {
  byName: Map<string, KerasLayer>
  sources: Map<string, string[]>
  /** For each layer the last one before it that every path to it passes. */
  gates: Map<string, string>
  /** Layers that have found their place. */
  seen: Set<string>
}

/** The layers that an output depends on, sources first; undefined where they run in a circle or one is not there. */
function orderedFrom(end: KerasLayer, byName: Map<string, KerasLayer>): KerasLayer[] | undefined {
  const order: KerasLayer[] = []
  const state = new Map<string, 'open' | 'done'>()
  const stack = [end]
  while (stack.length > 0) {
    const layer = stack[stack.length - 1]
    const sources = sourcesOf(layer)
    const next = sources.find((name) => state.get(name) !== 'done')
    if (next === undefined) {
      state.set(layer.name, 'done')
      order.push(layer)
      stack.pop()
      continue
    }
    const source = byName.get(next)
    if (!source || state.get(next) === 'open') return undefined
    state.set(layer.name, 'open')
    stack.push(source)
  }
  return order
}

function describe(order: readonly KerasLayer[]): Graph {
  const gates = new Map<string, string>()
  const depths = new Map<string, number>()
  for (const layer of order) {
    const gate = sourcesOf(layer).reduce<string | undefined>(
      (common, name) => (common === undefined ? name : commonGate(common, name, gates, depths)),
      undefined
    )
    if (gate !== undefined) gates.set(layer.name, gate)
    depths.set(layer.name, gate === undefined ? 0 : (depths.get(gate) ?? 0) + 1)
  }
  return {
    byName: new Map(order.map((layer) => [layer.name, layer])),
    sources: new Map(order.map((layer) => [layer.name, sourcesOf(layer)])),
    gates,
    seen: new Set()
  }
}

/** The nearest layer that every path to both of two layers passes, or is one of them. */
function commonGate(
  first: string,
  second: string,
  gates: Map<string, string>,
  depths: Map<string, number>
): string | undefined {
  let [a, b]: (string | undefined)[] = [first, second]
  while (a !== undefined && b !== undefined && a !== b) {
    const [deepA, deepB] = [depths.get(a) ?? 0, depths.get(b) ?? 0]
    if (deepA >= deepB) a = gates.get(a)
    if (deepB >= deepA) b = gates.get(b)
  }
  return a === b ? a : undefined
}

type Refuse = (name: string, key: Message['key'], values?: Message['values']) => void

/** Reads the chain behind one layer up to another, backwards. */
function createWalk(graph: Graph, refuse: Refuse): (from: string, to: string) => Part[] {
  const { byName, sources, gates, seen } = graph
  return function walk(from, to) {
    const parts: Part[] = []
    for (let name = to; name !== from;) {
      const layer = byName.get(name)
      const given = sources.get(name) ?? []
      const gate = gates.get(name)
      // What two paths lead through without a fork before it would be computed twice.
      if (!layer || gate === undefined || seen.has(name)) {
        refuse(name, 'import.why.branches')
        break
      }
      seen.add(name)
      if (given.length === 1) parts.unshift({ layer })
      else if (given.length !== 2 || !isAddition(layer)) {
        refuse(name, 'import.why.merge', { count: given.length })
      } else {
        const [first, second] = given.map((end) => walk(gate, end))
        if (first.length === 0 && second.length === 0) refuse(name, 'import.why.merge', { count: 2 })
        const [main, shortcut] = first.length >= second.length ? [first, second] : [second, first]
        parts.unshift({ add: layer, main, shortcut })
      }
      name = gate
    }
    return parts
  }
}

/** Says whether a layer adds what reaches it. */
export function isAddition({ className, config }: KerasLayer): boolean {
  if (!ADDITIONS.includes(className)) return false
  return className === 'Add' || config.function === 'math.add' || config.function === '__operators__.add'
}

const sourcesOf = ({ calls }: KerasLayer): string[] => calls.at(0) ?? []
const isNoInput = ({ className }: KerasLayer): boolean => className !== 'InputLayer'
