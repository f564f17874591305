import { Failure } from '#contract/failure'
import { valuesOfPixels, type PictureShape } from '../../components/drawing/pixels'
import type { PlacedPicture } from '../../state/sheet'

/**
 * Decodes an image file with what the browser has for it, and brings it to the form of a sample as the core does with
 * images of a folder: turned as its EXIF says, on white, to this size whatever its proportions.
 * @throws Failure `trial.picture.unreadable` for a file that is no image, or damaged
 */
export async function readPicture(
  file: File,
  shape: PictureShape,
  range: readonly [number, number]
): Promise<PlacedPicture> {
  const { height, width } = shape
  const unreadable = new Failure('trial.picture.unreadable', { name: file.name })
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' }).catch(() => {
    throw unreadable
  })
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw unreadable
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  const { data } = context.getImageData(0, 0, width, height)
  return { name: file.name, features: valuesOfPixels(data, shape, range) }
}
