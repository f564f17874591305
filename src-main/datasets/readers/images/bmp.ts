import { MAX_PIXELS, type Picture } from './picture'

// BITMAPFILEHEADER and BITMAPINFOHEADER as Microsoft documents them.
const FILE_HEADER_BYTES = 14
const INFO_HEADER_BYTES = 40
const PLAIN = 0
const WITH_MASKS = 3

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d

/**
 * Decodes an uncompressed BMP file of 1, 4, 8, 24 or 32 bits for each pixel; undefined for one that is damaged or of
 * another kind. Alpha is left out: few programs that write BMP mean it.
 */
export function decodeBmp(bytes: Buffer): Picture | undefined {
  if (bytes.length < FILE_HEADER_BYTES + INFO_HEADER_BYTES || !isBmp(bytes)) return undefined
  const headerBytes = bytes.readUInt32LE(14)
  const width = bytes.readInt32LE(18)
  const signedHeight = bytes.readInt32LE(22)
  const height = Math.abs(signedHeight)
  const depth = bytes.readUInt16LE(28)
  const compression = bytes.readUInt32LE(30)
  const start = bytes.readUInt32LE(10)
  // Lines are filled up to whole words of four bytes.
  const rowBytes = Math.ceil((width * depth) / 32) * 4
  if (headerBytes < INFO_HEADER_BYTES || width <= 0 || height === 0 || width * height > MAX_PIXELS)
    return undefined
  if (![1, 4, 8, 24, 32].includes(depth) || start + rowBytes * height > bytes.length) return undefined
  if (compression !== PLAIN && !(compression === WITH_MASKS && depth === 32 && hasUsualMasks(bytes)))
    return undefined

  const colours = depth <= 8 ? readColours(bytes, FILE_HEADER_BYTES + headerBytes, depth) : undefined
  const pixels = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    // Rows go from the bottom to the top, unless the height is negative.
    const line = start + rowBytes * (signedHeight > 0 ? height - 1 - row : row)
    for (let x = 0; x < width; x++) {
      const at = colours ? 4 * bitsAt(bytes, line, x, depth) : line + x * (depth / 8)
      const from = colours ?? bytes
      if (at + 3 > from.length) return undefined
      const place = (row * width + x) * 3
      pixels[place] = from[at + 2]
      pixels[place + 1] = from[at + 1]
      pixels[place + 2] = from[at]
    }
  }
  return { height, width, channels: 3, pixels }
}

/** Says whether the masks behind the header say what is usual: red, green and blue in the three higher bytes of a pixel. */
const hasUsualMasks = (bytes: Buffer): boolean =>
  bytes.length >= 66 &&
  bytes.readUInt32LE(54) === 0x00ff0000 &&
  bytes.readUInt32LE(58) === 0x0000ff00 &&
  bytes.readUInt32LE(62) === 0x000000ff

/** The palette: blue, green, red and an empty byte for each colour. */
function readColours(bytes: Buffer, start: number, depth: number): Buffer {
  const count = bytes.readUInt32LE(46) || 2 ** depth
  return bytes.subarray(start, Math.min(start + 4 * count, bytes.length))
}

function bitsAt(bytes: Buffer, line: number, place: number, depth: number): number {
  const bit = place * depth
  return (bytes[line + (bit >> 3)] >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
}
