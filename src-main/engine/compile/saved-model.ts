import { Writer } from 'protobufjs/minimal.js'
import type { Attribute, AttributeList, Graph, GraphNode, TensorShape } from './graph'

/** The tag under which TensorFlow's loader looks for a graph. */
export const SERVING_TAG = 'serve'
/** Version of the graph format: TensorFlow 2.18 to 2.21 read it. */
const PRODUCER = 1994
const MIN_CONSUMER = 12

/**
 * A graph as the bytes of `saved_model.pb`; it needs no folder with variables beside it. Field numbers are those of
 * tensorflow/core/protobuf/saved_model.proto, meta_graph.proto and tensorflow/core/framework/*.proto. Written field by
 * field, because making encoders from a schema takes 50 ms, and the first step would wait for them.
 */
export function encodeSavedModel({ nodes }: Graph): Uint8Array {
  const writer = Writer.create()
  writer.uint32(field(1, VARINT)).int64(1)
  // The only meta graph: its description, then its graph.
  nest(writer, 2, () => {
    nest(writer, 1, () => {
      writer.uint32(field(4, BYTES)).string(SERVING_TAG)
      writer.uint32(field(5, BYTES)).string('2.18.0')
    })
    nest(writer, 2, () => {
      for (const node of nodes) writeNode(writer, node)
      nest(writer, 4, () => {
        writer.uint32(field(1, VARINT)).int32(PRODUCER)
        writer.uint32(field(2, VARINT)).int32(MIN_CONSUMER)
      })
    })
  })
  return writer.finish()
}

/** How the value of a field is laid out (the wire types of Protocol Buffers). */
const VARINT = 0
const BYTES = 2
const FIXED32 = 5
const field = (number: number, wireType: number): number => (number << 3) | wireType

/** A message inside a message. */
function nest(writer: Writer, number: number, write: () => void): void {
  writer.uint32(field(number, BYTES)).fork()
  write()
  writer.ldelim()
}

function writeNode(writer: Writer, { name, op, input, attr }: GraphNode): void {
  nest(writer, 1, () => {
    writer.uint32(field(1, BYTES)).string(name)
    writer.uint32(field(2, BYTES)).string(op)
    for (const each of input) writer.uint32(field(3, BYTES)).string(each)
    for (const [key, value] of Object.entries(attr))
      nest(writer, 5, () => {
        writer.uint32(field(1, BYTES)).string(key)
        nest(writer, 2, () => writeAttribute(writer, value))
      })
  })
}

function writeAttribute(writer: Writer, value: Attribute): void {
  if ('list' in value) nest(writer, 1, () => writeList(writer, value.list))
  else if ('s' in value) writer.uint32(field(2, BYTES)).bytes(value.s)
  else if ('i' in value) writer.uint32(field(3, VARINT)).int64(value.i)
  else if ('f' in value) writer.uint32(field(4, FIXED32)).float(value.f)
  else if ('b' in value) writer.uint32(field(5, VARINT)).bool(value.b)
  else if ('type' in value) writer.uint32(field(6, VARINT)).int32(value.type)
  else if ('shape' in value) nest(writer, 7, () => writeShape(writer, value.shape))
  else
    nest(writer, 8, () => {
      const { dtype, tensorShape, tensorContent } = value.tensor
      writer.uint32(field(1, VARINT)).int32(dtype)
      nest(writer, 2, () => writeShape(writer, tensorShape))
      writer.uint32(field(4, BYTES)).bytes(tensorContent)
    })
}

function writeList(writer: Writer, { i = [], f = [], b = [], type = [] }: AttributeList): void {
  for (const value of i) writer.uint32(field(3, VARINT)).int64(value)
  for (const value of f) writer.uint32(field(4, FIXED32)).float(value)
  for (const value of b) writer.uint32(field(5, VARINT)).bool(value)
  for (const value of type) writer.uint32(field(6, VARINT)).int32(value)
}

function writeShape(writer: Writer, { dim }: TensorShape): void {
  for (const { size } of dim) nest(writer, 2, () => writer.uint32(field(1, VARINT)).int64(size))
}
