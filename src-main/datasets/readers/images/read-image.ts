import type { Sharp } from 'sharp'
import { Failure } from '#contract/failure'
import { readSmallFile } from '../../files'
import { decodeBmp, isBmp } from './bmp'
import { MAX_PIXELS, type Picture } from './picture'
import { decodePlainPng, isPng } from './png'

/** Names of files that are taken for images. */
export const isImageName = (name: string): boolean => /\.(png|jpe?g|webp|bmp)$/i.test(name)

const MAX_FILE_BYTES = 2 ** 28
/** Beyond this a picture is decoded beside this thread, which answers others meanwhile. */
const PLAIN_BYTES = 2 ** 16

/** Why a file that is named like an image cannot be used. */
export type ImageProblem = 'empty' | 'notAnImage' | 'damaged' | 'tooLarge' | 'notReadable'
export interface BrokenImage {
  problem: ImageProblem
}
export const isBroken = (image: Picture | BrokenImage): image is BrokenImage => 'problem' in image

/**
 * Reads a PNG, JPEG, WebP or BMP file, told apart by its first bytes. It is turned as its EXIF says, transparency lies
 * on white, 16 bits become 8, animations give their first picture.
 * @param size [height, width] to bring it to, whatever its proportions
 */
export async function readImage(path: string, size?: readonly number[]): Promise<Picture | BrokenImage> {
  let bytes: Buffer
  try {
    bytes = readSmallFile(path, MAX_FILE_BYTES)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { problem: error.key === 'data.fileTooLarge' ? 'tooLarge' : 'notReadable' }
  }
  return decodeImage(bytes, size)
}

/** Decodes the bytes of an image file. */
export async function decodeImage(bytes: Buffer, size?: readonly number[]): Promise<Picture | BrokenImage> {
  if (bytes.length === 0) return { problem: 'empty' }
  if (isBmp(bytes)) {
    const picture = decodeBmp(bytes)
    return picture ? resize(picture, size) : { problem: 'damaged' }
  }
  if (!isPng(bytes) && !isJpeg(bytes) && !isWebp(bytes)) return { problem: 'notAnImage' }
  const plain = bytes.length <= PLAIN_BYTES ? decodePlainPng(bytes) : undefined
  if (plain) return resize(plain, size)
  const sharp = await loadSharp()
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, ignoreIcc: true })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
  try {
    return await pixelsOf(size ? fit(image, size) : image)
  } catch (error) {
    // The library tells damage in many words, and this in these.
    return { problem: /pixel limit/i.test((error as Error).message) ? 'tooLarge' : 'damaged' }
  }
}

const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
const isWebp = (bytes: Buffer): boolean =>
  bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'

async function resize(picture: Picture, size?: readonly number[]): Promise<Picture> {
  const { height, width, channels, pixels } = picture
  if (!size || (size[0] === height && size[1] === width)) return picture
  const sharp = await loadSharp()
  return pixelsOf(
    fit(sharp(pixels, { raw: { width, height, channels } }), size).toColourspace(
      channels === 1 ? 'b-w' : 'srgb'
    )
  )
}

const fit = (image: Sharp, [height, width]: readonly number[]): Sharp =>
  image.resize({ height, width, fit: 'fill' })

async function pixelsOf(image: Sharp): Promise<Picture> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return { height: info.height, width: info.width, channels: info.channels === 1 ? 1 : 3, pixels: data }
}

/** The library, when it is first needed; files are read once, so that it need not remember any. */
async function loadSharp() {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  return sharp
}
