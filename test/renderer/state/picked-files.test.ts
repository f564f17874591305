import { expect, test } from 'vitest'
import { filesOfDrop, filesOfInput, onlyFile } from '../../../src-renderer/state/picked-files'

const file = (name: string, path = ''): File =>
  Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: path })

test('files of a chosen folder keep their paths, and what systems leave in folders is left out', () => {
  const files = [
    file('a.csv'),
    file('1.png', 'animals/cat/1.png'),
    file('.DS_Store', 'animals/.DS_Store'),
    file('Thumbs.db', 'animals/cat/Thumbs.db'),
    file('1.png', 'animals/__MACOSX/1.png')
  ]
  expect(filesOfInput(files).map(({ path }) => path)).toEqual(['a.csv', 'animals/cat/1.png'])
})

interface Tree {
  [name: string]: Tree | null
}

/** An entry as browsers give it: names in folders come a few at a time. */
function entryOf(name: string, tree: Tree | null): unknown {
  if (!tree) return { name, isFile: true, file: (done: (found: File) => void) => done(file(name)) }
  const inside = Object.entries(tree).map(([below, of]) => entryOf(below, of))
  return {
    name,
    isFile: false,
    createReader: () => ({ readEntries: (done: (some: unknown[]) => void) => done(inside.splice(0, 2)) })
  }
}
const itemOf = (name: string, tree: Tree | null): DataTransferItem =>
  ({ webkitGetAsEntry: () => entryOf(name, tree) }) as unknown as DataTransferItem

test('a folder that is dropped is gone through to its last file, however deep', async () => {
  const tree = {
    cat: { '1.png': null, '2.png': null, '3.png': null, more: { '4.png': null } },
    '.DS_Store': null,
    dog: {}
  }
  const files = await filesOfDrop([itemOf('animals', tree), itemOf('labels.csv', null)])
  expect(files.map(({ path }) => path)).toEqual([
    'animals/cat/1.png',
    'animals/cat/2.png',
    'animals/cat/3.png',
    'animals/cat/more/4.png',
    'labels.csv'
  ])
})

test('what holds no file drops nothing, and text that is dragged is none', async () => {
  const text = { webkitGetAsEntry: () => null } as unknown as DataTransferItem
  expect(await filesOfDrop([text, itemOf('empty', {})])).toEqual([])
})

test('where a path leads to what was dropped, it is one thing', () => {
  expect(onlyFile([file('a.csv')]).name).toBe('a.csv')
  expect(() => onlyFile([file('a'), file('b')])).toThrow(
    expect.objectContaining({ key: 'data.severalPaths' })
  )
  expect(() => onlyFile([])).toThrow(expect.objectContaining({ key: 'data.uploadEmpty' }))
})
