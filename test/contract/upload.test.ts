import { expect, test } from 'vitest'
import { isPlainPath } from '#contract/upload'

test.each([
  'a.csv',
  'folder/a.png',
  '图片/狗 1.png',
  '.DS_Store',
  'a/b/c.tar.gz',
  'console.txt',
  'com10.txt'
])('%j is a path of an upload', (path) => expect(isPlainPath(path)).toBe(true))

test.each([
  '',
  '/etc/passwd',
  '../a',
  'a/../../b',
  'a/./b',
  'a//b',
  'a/',
  'a\\b',
  'C:/a',
  'a\0b',
  'a\nb',
  'stream:data',
  'con',
  'folder/NUL.png',
  'LPT1',
  'ends with a dot.',
  'ends with a space ',
  'x'.repeat(256),
  '图'.repeat(86),
  Array.from({ length: 17 }, () => 'd').join('/')
])('%j is none', (path) => expect(isPlainPath(path)).toBe(false))
