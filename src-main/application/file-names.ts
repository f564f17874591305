import { basename } from 'node:path'

/** Characters of a user's words that go into a file's name. */
const SLUG_LENGTH = 40
/** File systems take 255 bytes; what is added to a name, such as `.json` or a mark of what is not whole yet, must fit. */
const LONGEST_NAME_BYTES = 200

/** Says whether a text can be the name of a file in a folder of ours, and nothing else. */
export const isFileName = (text: string): boolean =>
  text !== '' &&
  text !== '.' &&
  text !== '..' &&
  basename(text) === text &&
  !text.includes('\0') &&
  Buffer.byteLength(text) <= LONGEST_NAME_BYTES

/** Local time as `yyyymmdd-hhmmss`, so that names sort by age. */
export function stamp(time: number): string {
  const date = new Date(time)
  const two = (part: number): string => String(part).padStart(2, '0')
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`
}

/** A user's words as part of a file name: letters and digits of any script, joined by single dashes; may be empty. */
export function slug(name: string): string {
  const dashed = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  const short = Array.from(dashed).slice(0, SLUG_LENGTH).join('')
  return short.replace(/^-+|-+$/g, '')
}
