import { z } from 'zod'

/** A folder that may be looked through. */
export const fileRoot = z.object({ path: z.string(), name: z.string() })
export type FileRoot = z.infer<typeof fileRoot>

/** One name in a folder. */
export const fileEntry = z.object({
  name: z.string(),
  path: z.string(),
  isFolder: z.boolean(),
  /** Bytes of a file. */
  bytes: z.number().optional()
})
export type FileEntry = z.infer<typeof fileEntry>

/** A folder as it is looked through. */
export const fileList = z.object({
  path: z.string(),
  /** The file in it that was asked for, where it was one. */
  file: z.string().optional(),
  /** The folder above, where that may be looked through too. */
  above: z.string().optional(),
  /** Folders first, then files, each by name. */
  entries: z.array(fileEntry),
  /** Names that were left out, because there are too many to show. */
  leftOut: z.number().int()
})
export type FileList = z.infer<typeof fileList>
