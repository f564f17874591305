import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import type { SourceOf } from '../../../src-main/datasets/reader'
import { jsonLines } from '../../../src-main/datasets/readers/json-lines'
import { folderWith } from '../../fixtures/files'

type Options = Partial<Omit<SourceOf<'jsonLines'>, 'use' | 'path'>>

async function open(lines: (object | string)[], options: Options = {}) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  const folder = await folderWith({ 'rows.jsonl': `${text}\n` })
  return jsonLines.open({ use: 'jsonLines', path: join(folder, 'rows.jsonl'), ...options })
}

test('fields are columns as in a table, and the one called target, label, class or y is the target', async () => {
  const { name, featureShape, columns, target, classes, train } = await open([
    { label: 'yes', size: 1.5, colour: 'red', big: true },
    { label: 'no', size: -2, colour: 'blue', big: false },
    { colour: 'red', size: 0, label: 'yes', big: false }
  ])
  expect({ name, featureShape, columns: columns?.map(({ name }) => name), target, classes }).toEqual({
    name: 'rows.jsonl',
    featureShape: [3],
    columns: ['size', 'colour', 'big'],
    target: 'label',
    classes: ['no', 'yes']
  })
  expect({ features: [...train.features], targets: [...train.targets], line: train.nameOf?.(1) }).toEqual({
    features: [1.5, 1, 1, -2, 0, 0, 0, 1, 0],
    targets: [1, 0, 1],
    line: 'rows.jsonl:2'
  })
})

test('the target is the one that the source names, or the last one; fields can be left out', async () => {
  const rows = [
    { id: 7, y: 1, x: 0.5 },
    { id: 8, y: 2, x: 0.25 }
  ]
  const named = await open(rows, { target: 'x', ignore: ['id'] })
  expect([named.target, named.columns?.map(({ name }) => name), [...named.train.targets]]).toEqual([
    'x',
    ['y'],
    [0.5, 0.25]
  ])
  expect(
    (
      await open([
        { a: 1, b: 2 },
        { a: 3, b: 4 }
      ])
    ).target
  ).toBe('b')
  await expect(open(rows, { target: 'z' })).rejects.toMatchObject({
    key: 'data.table.noTarget',
    values: { target: 'z' }
  })
})

describe('a list of features', () => {
  test('is the sample, in its own shape', async () => {
    const { featureShape, columns, train, classes } = await open([
      {
        features: [
          [1, 2],
          [3, 4],
          [5, 6]
        ],
        y: 'a'
      },
      {
        features: [
          [7, 8],
          [9, 10],
          [11, 12]
        ],
        y: 'b'
      }
    ])
    expect({ featureShape, columns, classes, features: [...train.features] }).toEqual({
      featureShape: [3, 2],
      columns: undefined,
      classes: ['a', 'b'],
      features: Array.from({ length: 12 }, (_, i) => i + 1)
    })
  })

  test('of another shape is named by its line, and a value that is missing is an error', async () => {
    const handle = await open([
      { x: [1, 2], y: 0 },
      { x: [1, 2, 3], y: 1 },
      { x: [1, null], y: 1 },
      { x: 5, y: 0 },
      { x: [4, 5], y: 0 }
    ])
    expect(summarize(handle).findings.map(({ kind, severity, names }) => [kind, severity, names])).toEqual([
      ['raggedRow', 'warning', ['rows.jsonl:2', 'rows.jsonl:4']],
      ['nonFinite', 'error', ['rows.jsonl:3']]
    ])
  })

  test('without values, or of too many dimensions, is refused', async () => {
    await expect(open([{ features: [], y: 1 }])).rejects.toMatchObject({
      key: 'data.jsonLines.badList',
      values: { shape: '0' }
    })
    await expect(open([{ features: [[[[1]]]], y: 1 }])).rejects.toMatchObject({
      key: 'data.jsonLines.badList'
    })
  })

  test('of texts is refused', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((text, i) => ({ features: [text, i], y: i % 2 }))
    await expect(open(rows)).rejects.toMatchObject({
      key: 'data.table.noFeatures',
      values: { columns: 'features[0]' }
    })
  })
})

test('NaN and Infinity, which Python writes though JSON has no such numbers, are values like any other', async () => {
  const handle = await open([
    '{"a": 1, "name": "red", "y": 0}',
    '{"a": NaN, "name": "NaN \\" Infinity", "y": 1}',
    '{"a": -Infinity, "name": "red", "y": 0}',
    '{"a": Infinity, "name": "red", "y": 1}'
  ])
  const a = [0, 1, 2, 3].map((row) => handle.train.features[row * 2])
  expect(a).toEqual([1, NaN, -Infinity, Infinity])
  expect(handle.columns?.[1]).toMatchObject({ categories: ['NaN " Infinity', 'red'] })
})

test('lines without an object, new fields and missing ones are named, and the rest is used', async () => {
  const handle = await open([
    { a: 1, y: 0 },
    '{"a": 2,',
    '[1, 2]',
    '',
    { a: null, y: 1 },
    { y: 1, a: 5, b: 3 },
    { a: [1], y: 0 },
    { a: 6, y: 1 }
  ])
  expect(handle.train.count).toBe(5)
  expect(
    summarize(handle).findings.map(({ kind, severity, names, message }) => [
      kind,
      severity,
      names,
      message.key
    ])
  ).toEqual([
    ['brokenRow', 'warning', ['rows.jsonl:2', 'rows.jsonl:3'], 'data.jsonLines.broken'],
    ['skipped', 'warning', ['b'], 'data.jsonLines.others'],
    ['missing', 'error', ['rows.jsonl:5'], 'data.table.missing'],
    ['notANumber', 'error', ['rows.jsonl:7'], 'data.table.notANumber'],
    // What is not there is alike.
    ['duplicates', 'warning', ['rows.jsonl:7'], 'data.duplicates.train']
  ])
})

test('a test file has the fields of the training file', async () => {
  const folder = await folderWith({
    'a.jsonl': '{"x":1,"y":"p"}\n{"x":2,"y":"q"}\n',
    'b.jsonl': '{"y":"r","x":3}\n'
  })
  const { classes, test } = await jsonLines.open({
    use: 'jsonLines',
    path: join(folder, 'a.jsonl'),
    testPath: join(folder, 'b.jsonl')
  })
  expect([classes, test?.features, test?.targets]).toEqual([
    ['p', 'q', 'r'],
    Float32Array.of(3),
    Int32Array.of(2)
  ])
})

test.each([
  ['nothing', [''], 'data.empty', {}],
  ['no objects', ['1', '2'], 'data.jsonLines.noObjects', { line: 1 }],
  [
    'a line longer than memory should hold',
    [`{"a": "${'x'.repeat(17 * 2 ** 20)}"}`],
    'data.lineTooLong',
    { line: 1 }
  ]
])('a file with %s is refused', async (_, lines, key, values) => {
  await expect(open(lines)).rejects.toMatchObject({ key, values })
})

test('a path is recognized by its ending', async () => {
  expect(
    await Promise.all(['/a.jsonl', '/a.ndjson', '/a.json'].map((path) => jsonLines.match?.({ path })))
  ).toEqual([{ use: 'jsonLines', path: '/a.jsonl' }, { use: 'jsonLines', path: '/a.ndjson' }, undefined])
})
