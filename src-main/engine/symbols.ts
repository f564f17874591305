import { open, type FileHandle } from 'node:fs/promises'
import { Failure } from '#contract/failure'

// Tool Interface Standard, Executable and Linking Format 1.2, in its 64-bit little-endian form.
const ELF_MAGIC = 0x464c457f
// Bytes 4 and 5: 64-bit, little-endian.
const CLASS_64_LITTLE = 0x0201
const DYNAMIC_SYMBOLS = 11
const SYMBOL_BYTES = 24

/** Names in a shared library's dynamic symbol table. */
export interface DynamicSymbols {
  defined: Set<string>
  undefined: Set<string>
}

/**
 * Refuses libraries that the addon could not run with: a name it needs is missing,
 * or they expect Python in the process.
 * @throws Failure `engine.symbolsMissing`, `engine.symbolsPython`.
 */
export async function checkSymbols(libraries: string[], needed: string[]): Promise<void> {
  const defined = new Set<string>()
  const python: string[] = []
  for (const library of libraries) {
    const symbols = await readDynamicSymbols(library, ['TF_', 'TFE_', 'Py', '_Py'])
    for (const name of symbols.defined) defined.add(name)
    for (const name of symbols.undefined) if (/^_?Py/.test(name)) python.push(name)
  }
  const missing = needed.filter((name) => !defined.has(name))
  if (missing.length > 0) throw new Failure('engine.symbolsMissing', { names: few(missing) }, 'engine')
  if (python.length > 0) throw new Failure('engine.symbolsPython', { names: few(python) }, 'engine')
}

/**
 * Reads the dynamic symbols whose names begin with one of some ASCII prefixes; the others
 * (hundreds of thousands in TensorFlow) are never made into strings.
 * @throws Error when the file is no 64-bit little-endian ELF library.
 */
export async function readDynamicSymbols(path: string, prefixes: string[]): Promise<DynamicSymbols> {
  const file = await open(path, 'r')
  try {
    const header = await readAt(file, 0, 64)
    if (
      header.length < 64 ||
      header.readUInt32LE(0) !== ELF_MAGIC ||
      header.readUInt16BE(4) !== CLASS_64_LITTLE
    )
      throw new Error(`${path}: not a 64-bit ELF library`)
    const sectionBytes = header.readUInt16LE(58)
    const sections = await readAt(
      file,
      Number(header.readBigUInt64LE(40)),
      sectionBytes * header.readUInt16LE(60)
    )
    const found: DynamicSymbols = { defined: new Set(), undefined: new Set() }
    for (let at = 0; at < sections.length; at += sectionBytes) {
      if (sections.readUInt32LE(at + 4) !== DYNAMIC_SYMBOLS) continue
      const symbols = await readSection(file, sections, at)
      const names = await readSection(file, sections, sections.readUInt32LE(at + 40) * sectionBytes)
      collect(symbols, names, prefixes, found)
    }
    return found
  } finally {
    await file.close()
  }
}

function collect(symbols: Buffer, names: Buffer, prefixes: string[], found: DynamicSymbols): void {
  for (let at = 0; at < symbols.length; at += SYMBOL_BYTES) {
    const start = symbols.readUInt32LE(at)
    if (!prefixes.some((prefix) => beginsWith(names, start, prefix))) continue
    const name = names.toString('latin1', start, names.indexOf(0, start))
    const isDefined = symbols.readUInt16LE(at + 6) !== 0
    found[isDefined ? 'defined' : 'undefined'].add(name)
  }
}

function beginsWith(bytes: Buffer, start: number, prefix: string): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix.charCodeAt(i)) return false
  return true
}

const readSection = (file: FileHandle, sections: Buffer, at: number): Promise<Buffer> =>
  readAt(file, Number(sections.readBigUInt64LE(at + 24)), Number(sections.readBigUInt64LE(at + 32)))

async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start)
  return buffer.subarray(0, bytesRead)
}

const few = (names: string[]): string =>
  names.slice(0, 5).join(', ') + (names.length > 5 ? `, … (${names.length})` : '')
