import { z } from 'zod'
import { count, notNegative, oneOf, pair, path, word } from './words'

/** Name of something inside a file: a column, a field or an array. */
const name = z.string().min(1)
/** A column by its name, or by its place counted from 0. */
const column = z.union([name, z.int().min(0)])

export const generators = [
  'circles',
  'blobs',
  'xor',
  'spirals',
  'absolute',
  'polynomial',
  'regression',
  'adding'
] as const

export const sources = {
  mnist: word('mnist', {}),
  fashionMnist: word('fashionMnist', { folder: path.optional() }),
  digits: word('digits', {}),
  imageFolder: word('imageFolder', {
    path,
    size: pair.meta({ unit: 'pixels' }).optional(),
    channels: z.literal([1, 3]).optional()
  }),
  csv: word('csv', {
    path,
    target: column.optional(),
    testPath: path.optional(),
    task: z.enum(['classification', 'regression']).optional(),
    ignore: z.array(name).optional(),
    delimiter: z
      .string()
      .regex(/^(.|tab)$/)
      .optional(),
    header: z.boolean().optional()
  }),
  jsonLines: word('jsonLines', {
    path,
    target: name.optional(),
    testPath: path.optional(),
    task: z.enum(['classification', 'regression']).optional(),
    ignore: z.array(name).optional()
  }),
  npy: word('npy', {
    path,
    labels: path,
    testPath: path.optional(),
    testLabels: path.optional()
  }),
  npz: word('npz', {
    path,
    features: name.optional(),
    labels: name.optional(),
    testFeatures: name.optional(),
    testLabels: name.optional()
  }),
  synthetic: word('synthetic', {
    generator: z.enum(generators),
    samples: count.meta({ unit: 'samples' }).optional(),
    noise: notNegative.optional(),
    seed: z.int().min(0).max(0xffffffff).default(1),
    features: count.optional(),
    informative: count.optional(),
    length: z.int().min(2).optional()
  }),
  idx: word('idx', {
    images: path,
    labels: path,
    testImages: path.optional(),
    testLabels: path.optional()
  })
}
export const source = oneOf([
  sources.mnist,
  sources.fashionMnist,
  sources.digits,
  sources.imageFolder,
  sources.csv,
  sources.jsonLines,
  sources.npy,
  sources.npz,
  sources.synthetic,
  sources.idx
])
export type Source = z.output<typeof source>

/** The options of a source that name a file or a folder. */
export function pathOptionsOf(use: string): string[] {
  if (!Object.hasOwn(sources, use)) return []
  const shape: Record<string, z.ZodType> = sources[use as Source['use']].shape
  return Object.entries(shape)
    .filter(([, option]) => {
      const inner = option instanceof z.ZodOptional ? (option.unwrap() as z.ZodType) : option
      return inner.meta()?.path === true
    })
    .map(([name]) => name)
}
