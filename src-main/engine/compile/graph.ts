/** Numbers of TensorFlow's data types (tensorflow/core/framework/types.proto). */
export const DataType = { float: 1, double: 2, int32: 3, uint8: 4, bool: 10 } as const

/** Values of a tensor as they lie in memory. */
export type TensorValues = Float32Array | Int32Array | Uint8Array

/** One attribute of a node, in the form of TensorFlow's AttrValue. */
export type Attribute =
  | { type: number }
  | { i: number }
  | { f: number }
  | { b: boolean }
  | { s: Uint8Array }
  | { list: AttributeList }
  | { shape: TensorShape }
  | { tensor: { dtype: number; tensorShape: TensorShape; tensorContent: Uint8Array } }
export interface AttributeList {
  i?: number[]
  f?: number[]
  b?: boolean[]
  type?: number[]
}
export interface TensorShape {
  dim: { size: number }[]
}

/** A node of TensorFlow's graph; inputs are `node:output`, or `^node` where only the order matters. */
export interface GraphNode {
  name: string
  op: string
  input: string[]
  attr: Record<string, Attribute>
}

/** A TensorFlow graph that grows node by node. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
  /** Adds a node and gives its name, which has a number behind it where the wanted one is taken. */
  add(name: string, op: string, input?: readonly string[], attr?: Record<string, Attribute>): string
  /** Adds a constant, or finds the same one, and gives its output. */
  constant(type: number, shape: readonly number[], values: TensorValues): string
  /** Adds something that is given anew at every run, and gives its output. */
  placeholder(name: string, type: number, shape: readonly number[]): string
}

/** Longer constants that hold one number throughout become a `Fill`: zeros and ones would cost megabytes. */
const LONGEST_PLAIN_CONSTANT = 256
/** Longer constants are not looked for among those that are there already. */
const LONGEST_SHARED_BYTES = 4096

/** An empty graph. */
export function createGraph(): Graph {
  const nodes: GraphNode[] = []
  const names = new Map<string, number>()
  const constants = new Map<string, string>()

  const add: Graph['add'] = (wanted, op, input = [], attr = {}) => {
    let name = wanted
    for (let number = names.get(wanted) ?? 0; names.has(name); number++) {
      name = `${wanted}_${number + 1}`
      names.set(wanted, number + 1)
    }
    names.set(name, 0)
    nodes.push({ name, op, input: [...input], attr })
    return name
  }

  function constant(type: number, shape: readonly number[], values: TensorValues): string {
    if (values.length > LONGEST_PLAIN_CONSTANT && values.every((value) => Object.is(value, values[0]))) {
      const extent = constant(DataType.int32, [shape.length], Int32Array.from(shape))
      const filled = add('filled', 'Fill', [extent, constant(type, [], values.slice(0, 1))], {
        T: { type },
        index_type: { type: DataType.int32 }
      })
      return `${filled}:0`
    }
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    const key =
      bytes.length > LONGEST_SHARED_BYTES ? undefined : `${type} ${String(shape)} ${bytes.toString('base64')}`
    const found = key === undefined ? undefined : constants.get(key)
    if (found !== undefined) return found
    const tensor = { dtype: type, tensorShape: shapeOf(shape), tensorContent: bytes }
    const made = `${add('constant', 'Const', [], { dtype: { type }, value: { tensor } })}:0`
    if (key !== undefined) constants.set(key, made)
    return made
  }

  return {
    nodes,
    add,
    constant,
    placeholder: (name, type, shape) =>
      `${add(name, 'Placeholder', [], { dtype: { type }, shape: { shape: shapeOf(shape) } })}:0`
  }
}

/** A shape as TensorFlow writes it. */
export const shapeOf = (shape: readonly number[]): TensorShape => ({ dim: shape.map((size) => ({ size })) })

/** Converts numbers from one type to another, below the names of a program; gives the endpoint. */
export const writeCast = (graph: Graph, program: string, input: string, from: number, to: number): string =>
  `${graph.add(`${program}/Cast`, 'Cast', [input], {
    SrcT: { type: from },
    DstT: { type: to },
    Truncate: { b: false }
  })}:0`
