import { z } from 'zod'

/** Where the browser shell takes files from its page. */
export const UPLOAD_PATH = '/upload'
/** Bytes in front of the list of files that hold its length, little-endian. */
export const LIST_LENGTH_BYTES = 4
/** Longest list of files in bytes; half a million ordinary names fit. */
export const MOST_LIST_BYTES = 64 << 20
/** Most bytes and files that are taken at once. */
export const MOST_UPLOAD_BYTES = 64 * 2 ** 30
export const MOST_UPLOAD_FILES = 500_000

const LONGEST_NAME_BYTES = 255
const DEEPEST = 16
/** Names that Windows gives to devices, whatever follows behind a dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Says whether a name is fit for a file or folder on every system, and leads nowhere else. */
const isPlainName = (name: string): boolean =>
  name !== '' &&
  !/[\p{Cc}\\/:*?"<>|]/u.test(name) &&
  !/[. ]$/.test(name) &&
  !DEVICE.test(name) &&
  new TextEncoder().encode(name).length <= LONGEST_NAME_BYTES

/** Says whether a path, written with `/`, stays below the folder that it starts from. */
export function isPlainPath(path: string): boolean {
  const names = path.split('/')
  return names.length <= DEEPEST && names.every(isPlainName)
}

/**
 * What a page sends: the length of the list below as four bytes, the list as JSON in UTF-8, then the content of the
 * files one behind the other in the order of the list.
 */
export const uploadList = z.object({
  files: z
    .array(z.object({ path: z.string(), bytes: z.number().int().min(0) }))
    .min(1)
    .max(MOST_UPLOAD_FILES)
})
export type UploadList = z.infer<typeof uploadList>

/** Where the files are now: a path that can be opened. */
export const uploadReply = z.object({ path: z.string() })
