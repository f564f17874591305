import { z } from 'zod'

/*
 * What words are made of. `live` marks what may change while a run goes on; `path` what names a file or a folder;
 * `unit` is for people.
 */
declare module 'zod' {
  interface GlobalMeta {
    live?: boolean
    path?: boolean
    unit?: 'epochs' | 'steps' | 'samples' | 'pixels' | 'share' | 'units' | 'degrees'
  }
}

/** An object that refuses unknown keys; the message carries the known ones for the sentence about it. */
export const record = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined)
  })

/** One word: an object whose `use` names it, with its options. */
export const word = <Use extends string, Shape extends z.ZodRawShape>(use: Use, options: Shape) =>
  record({ use: z.literal(use), ...options })

/** One of several words; the message of an unknown word carries the known ones. */
export const oneOf = <First extends Word, Rest extends readonly Word[]>(words: readonly [First, ...Rest]) =>
  z.discriminatedUnion('use', words as unknown as [First, ...Rest], {
    error: (issue) =>
      issue.code === 'invalid_union' ? words.map((each) => each.shape.use.value).join(' ') : undefined
  })
export type Word = z.ZodObject<{ use: z.ZodLiteral<string> } & z.ZodRawShape>

export const count = z.int().positive()
export const finite = z.number()
export const share = z.number().min(0).max(1).meta({ unit: 'share' })
export const positive = z.number().positive()
export const notNegative = z.number().min(0)

/** A file or a folder on this machine. */
export const path = z.string().min(1).meta({ path: true })

/** A whole number for both axes, or one for each: [height, width]. */
export const pair = z.union([count, z.tuple([count, count])])
