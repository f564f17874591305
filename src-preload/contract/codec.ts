import { decode, encode, ExtensionCodec } from '@msgpack/msgpack'

// MessagePack has one binary type; typed arrays keep their kind as an extension. JSON is not used on a
// wire because it turns NaN and Inf into null.
const codec = new ExtensionCodec()
const kinds = [Float32Array, Float64Array, Int32Array, Uint32Array] as const

kinds.forEach((Kind, type) =>
  codec.register({
    type,
    encode: (value) =>
      value instanceof Kind ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null,
    // A copy, because the bytes may not be aligned inside the message. Not `slice`: a Buffer's does not copy.
    decode: (bytes) => new Kind(new Uint8Array(bytes).buffer)
  })
)

/** The bytes of a message. Undefined properties are left out. */
export const encodeMessage = (message: unknown): Uint8Array<ArrayBuffer> =>
  encode(message, { extensionCodec: codec, ignoreUndefined: true })

/** The message in some bytes. @throws RangeError or Error when they are not MessagePack. */
export const decodeMessage = (bytes: Uint8Array): unknown => decode(bytes, { extensionCodec: codec })
