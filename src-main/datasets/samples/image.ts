import { Failure } from '#contract/failure'
import { isBroken, readImage } from '../readers/images/read-image'
import { createStack } from '../readers/images/stack'
import { differs, type RawSamples, type SampleForm } from './form'

/**
 * One image, in gray or in colours as the model takes it, and brought to its size where the model's own images were.
 * @throws Failure `data.image.*`, `data.shapeDiffers`
 */
export async function readImageSample(path: string, { shape, resize }: SampleForm): Promise<RawSamples> {
  const [height, width, channels] = shape
  const takesImages = shape.length === 3 && (channels === 1 || channels === 3)
  const image = await readImage(path, takesImages && resize ? [height, width] : undefined)
  if (isBroken(image)) throw new Failure(`data.image.${image.problem}`, { path })
  if (!takesImages || image.height !== height || image.width !== width)
    throw differs(path, [image.height, image.width, image.channels], shape)
  const stack = createStack(path, 1, height, width, channels)
  stack.put(0, image)
  return { count: 1, values: stack.take(Uint32Array.of(0)) }
}
