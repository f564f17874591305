import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkSymbols, readDynamicSymbols } from '../../src-main/engine/symbols'
import { elfLibrary } from './fixtures/elf'
import { temporaryFolder } from '../fixtures/folder'

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'library.so')
  await writeFile(path, bytes)
  return path
}

describe('checkSymbols', () => {
  it('accepts libraries that define every name between them', async () => {
    const libraries = [await write(elfLibrary(['TF_A', 'other'])), await write(elfLibrary(['TFE_B']))]
    await expect(checkSymbols(libraries, ['TF_A', 'TFE_B'])).resolves.toBeUndefined()
  })

  it('does not take a name for defined that a library only asks for', async () => {
    const library = await write(elfLibrary(['TF_A'], ['TF_B']))
    await expect(checkSymbols([library], ['TF_A', 'TF_B'])).rejects.toMatchObject({
      key: 'engine.symbolsMissing',
      values: { names: 'TF_B' }
    })
  })

  it('does not take a longer name for the one it begins with', async () => {
    const library = await write(elfLibrary(['TF_NewGraphs']))
    await expect(checkSymbols([library], ['TF_NewGraph'])).rejects.toMatchObject({
      key: 'engine.symbolsMissing'
    })
  })

  it.each(['PyErr_Occurred', '_Py_NoneStruct'])('refuses a library that asks for %s', async (name) => {
    const library = await write(elfLibrary(['TF_A'], [name]))
    await expect(checkSymbols([library], ['TF_A'])).rejects.toMatchObject({
      key: 'engine.symbolsPython',
      values: { names: name }
    })
  })
})

describe('readDynamicSymbols', () => {
  it('says of another kind of file that it is no library', async () => {
    const path = await write(Buffer.from('GROUP ( libtensorflow.so )'))
    await expect(readDynamicSymbols(path, ['TF_'])).rejects.toThrow('not a 64-bit ELF library')
  })
})
