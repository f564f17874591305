import { DataType, type Attribute, type Graph } from './graph'
import type { OwnOperation } from './own-operations'
import { readVariable } from './variables'

/** The operation of our own that moves a weight as an optimizer says; see `kernels/fused-update`. */
export const FUSED_UPDATE = 'FusedUpdate'

/** What an optimizer does, as an operation of TensorFlow that writes a weight and its slots in one pass. */
export type FusedRule = 'sgd' | 'momentum' | 'nesterov' | 'adam'

/** Endpoints that a rule is written from. */
interface Given {
  gradient: string
  rate: string
  /** Momentum, or beta1; none where the rule has none. */
  kept: readonly string[]
  number: (name: string) => string
}
interface Rule {
  op: string
  /** What follows the weight and its slots. */
  inputs(given: Given): string[]
  attributes: Record<string, Attribute>
}

const float = { type: DataType.float }
const constant = (graph: Graph, value: number): string =>
  graph.constant(DataType.float, [], Float32Array.of(value))

/** Momentum with the rate inside the velocity, as Keras has it. */
const kerasMomentum = (looksAhead: boolean): Rule => ({
  op: 'ResourceApplyKerasMomentum',
  inputs: ({ gradient, rate, kept }) => [rate, gradient, ...kept],
  attributes: { use_nesterov: { b: looksAhead } }
})

const rules: Record<FusedRule, Rule> = {
  sgd: {
    op: 'ResourceApplyGradientDescent',
    inputs: ({ gradient, rate }) => [rate, gradient],
    attributes: {}
  },
  momentum: kerasMomentum(false),
  nesterov: kerasMomentum(true),
  adam: {
    op: 'ResourceApplyAdam',
    // TensorFlow corrects the bias by powers of beta1 and beta2; with powers of zero the rate is taken as it is.
    inputs: ({ gradient, rate, kept, number }) => [
      number('zero'),
      number('zero'),
      rate,
      ...kept,
      ...['beta2', 'epsilon'].map(number),
      gradient
    ],
    attributes: { use_nesterov: { b: false } }
  }
}

/**
 * Writes an update into the variables themselves, behind a gate that is open where the step is accepted. What the
 * operation gives is read from the variables behind it: new values, or where the gate is closed the old ones.
 */
export function writeFusedUpdate(operation: OwnOperation): string[] {
  const { graph, program, inputs, attributes, variables, written } = operation
  const { rule, isKeeping, isShrinking } = attributes as {
    rule: { s: Uint8Array }
    isKeeping: { b: boolean }
    isShrinking: { b: boolean }
  }
  const { op, inputs: inputsOf, attributes: fixed } = rules[Buffer.from(rule.s).toString() as FusedRule]
  const [accepted, gradient, rate, ...rest] = inputs
  const kept = isKeeping.b ? rest.splice(0, 1) : []
  const shrinkage = isShrinking.b ? rest.shift() : undefined
  const targets = rest.map((endpoint) => {
    const variable = variables.get(endpoint)
    if (!variable) throw new Error(`${FUSED_UPDATE} needs the state itself, not ${endpoint}`)
    return variable
  })
  const add = (name: string, input: string[], attr: Record<string, Attribute>): string =>
    graph.add(`${program}/fused/${name}`, name, input, attr)

  const bool = { T: { type: DataType.bool } }
  const fork = add('Switch', [accepted, accepted], bool)
  const open = add('Identity', [`${fork}:1`], bool)
  const number = (name: string): string =>
    constant(graph, name === 'zero' ? 0 : (attributes[name] as { f: number }).f)
  const handles = targets.map(({ handle }) => handle)
  const given = inputsOf({ gradient, rate, kept, number })
  // Whoever wants an old value must have it before it is written; TensorFlow then writes into another buffer.
  const readers = rest.map((endpoint) => `^${endpoint.split(':')[0]}`)
  let last = add(op, [...handles, ...given, ...readers, `^${open}`], {
    T: float,
    use_locking: { b: false },
    ...fixed
  })
  if (shrinkage !== undefined) {
    // Decoupled: by the weight as it was before the update.
    const shrunk = `${add('Mul', [rest[0], shrinkage], { T: float })}:0`
    last = add('AssignSubVariableOp', [handles[0], shrunk, `^${last}`], { dtype: float })
  }
  const done = add('Identity', [`${fork}:1`, `^${last}`], bool)
  const settled = add('Merge', [`${fork}:0`, `${done}:0`], { ...bool, N: { i: 2 } })
  return targets.map(({ name, handle, type }) => {
    const endpoint = readVariable(graph, `${program}/fused`, name, handle, type, [`^${settled}`])
    written.add(endpoint)
    return endpoint
  })
}
