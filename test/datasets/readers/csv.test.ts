import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { summarize } from '../../../src-main/datasets/inspection/summarize'
import type { SourceOf } from '../../../src-main/datasets/reader'
import { csv } from '../../../src-main/datasets/readers/csv'
import { folderWith } from '../../fixtures/files'
import { temporaryFolder } from '../../fixtures/folder'

type Options = Partial<Omit<SourceOf<'csv'>, 'use' | 'path'>>

async function pathTo(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'table.csv')
  await writeFile(path, content)
  return path
}
const open = async (content: string | Uint8Array, options: Options = {}) =>
  csv.open({ use: 'csv', path: await pathTo(content), ...options })
/** What a file becomes, as plain lists. */
async function read(content: string | Uint8Array, options: Options = {}) {
  const { columns, target, classes, targetSize, train } = await open(content, options)
  return {
    columns: columns?.map(({ name }) => name),
    target,
    ...(classes && { classes }),
    ...(targetSize && { targetSize }),
    features: [...train.features],
    targets: [...train.targets]
  }
}
const findingsIn = async (content: string, options: Options = {}) =>
  summarize(await open(content, options)).findings

test('columns are features and the last one is the target; texts are categories in the order of their names', async () => {
  const handle = await open('size,colour,kind\n1.5,red,b\n-2e3,blue,a\n.5,red,b\n')
  expect(handle).toMatchObject({
    name: 'table.csv',
    featureShape: [2],
    columns: [
      { name: 'size', kind: 'number', missing: 0, range: [-2000, 1.5] },
      { name: 'colour', kind: 'category', categories: ['blue', 'red'], missing: 0, range: [0, 1] }
    ],
    target: 'kind',
    classes: ['a', 'b']
  })
  expect(handle.train).toMatchObject({
    count: 3,
    features: Float32Array.from([1.5, 1, -2000, 0, 0.5, 1]),
    targets: Int32Array.from([1, 0, 1])
  })
  expect(handle.train.nameOf?.(2)).toBe('table.csv:4')
})

describe('how a file is written is found out', () => {
  const expected = {
    columns: ['a', 'b'],
    target: 'y',
    classes: ['0', '1'],
    features: [1, 2, 3, 4],
    targets: [0, 1]
  }
  test.each([
    ['commas', 'a,b,y\n1,2,0\n3,4,1\n'],
    ['semicolons', 'a;b;y\n1;2;0\n3;4;1'],
    ['tabs and the ends of lines of Windows', 'a\tb\ty\r\n1\t2\t0\r\n3\t4\t1\r\n'],
    ['vertical bars and the ends of lines of old Macs', 'a|b|y\r1|2|0\r3|4|1\r'],
    ['quotes, empty lines and spaces', '"a","b",y\n\n"1", 2 ,0\n\n3,4,"1"\n'],
    ['a byte order mark', '\ufeffa,b,y\n1,2,0\n3,4,1\n'],
    ['UTF-16', Buffer.from('\ufeffa,b,y\n1,2,0\n3,4,1\n', 'utf16le')]
  ])('%s', async (_, content) => {
    expect(await read(content)).toEqual(expected)
  })

  test('a decimal comma where the delimiter is another', async () => {
    expect(await read('a;y\n1,5;2,5\n-0,25;1\n2;7,125\n')).toEqual({
      columns: ['a'],
      target: 'y',
      targetSize: 1,
      features: [1.5, -0.25, 2],
      targets: [2.5, 1, 7.125]
    })
  })

  test('a file without names numbers its columns from 0', async () => {
    expect(await read('5,2,0\n3,4,1\n')).toEqual({
      ...expected,
      columns: ['0', '1'],
      target: '2',
      features: [5, 2, 3, 4]
    })
  })

  test('a first line of texts that come again is no header', async () => {
    expect((await read('red,x\nblue,y\nred,y\nblue,x\n')).features).toHaveLength(4)
  })

  test('what is said about delimiter and header holds', async () => {
    expect(await read('2020/2021/y\n1/2/0\n3/4/1\n', { delimiter: '/', header: true })).toEqual({
      ...expected,
      columns: ['2020', '2021']
    })
    expect((await read('a\tb\n1\t0\n', { delimiter: 'tab', header: false })).columns).toEqual(['0'])
  })

  test('a character that lies across two pieces of reading is whole', async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `${i},${i % 2 === 0 ? '猫' : '狗狗'}`)
    const { classes, targets } = await read(`n,y\n${rows.join('\n')}\n`)
    expect({ classes, count: targets.length }).toEqual({ classes: ['狗狗', '猫'], count: 40_000 })
  })
})

describe('the target', () => {
  const content = 'y,a,b\nx,1,2\nz,3,4\n'
  test('is named, or counted from 0', async () => {
    const expected = {
      columns: ['a', 'b'],
      target: 'y',
      classes: ['x', 'z'],
      features: [1, 2, 3, 4],
      targets: [0, 1]
    }
    expect([
      await read(content, { target: 'y' }),
      await read(content, { target: 0 }),
      await read(content, { target: '0' })
    ]).toEqual([expected, expected, expected])
  })

  test('that is not there is refused with the nearest name', async () => {
    await expect(open(content, { target: 'c' })).rejects.toMatchObject({
      key: 'data.table.noTarget',
      values: { target: 'c', count: 3 }
    })
  })

  const column = (values: (string | number)[]): string =>
    `a,y\n${values.map((value, i) => `${i * 2},${value}`).join('\n')}\n`
  test.each([
    ['few whole numbers that recur', [3, 10, 3, 10], {}, ['3', '10']],
    ['whole numbers that do not recur', [1, 2, 3, 4], {}, undefined],
    ['fractions', [0.5, 1, 0.5, 1], {}, undefined],
    ['fractions that are to be classes', [0.5, 1, 0.5, 1], { task: 'classification' }, ['0.5', '1']],
    ['whole numbers that are to be values', [3, 10, 3, 10], { task: 'regression' }, undefined],
    ['texts and numbers', ['x', 1, 'y', 1], {}, ['1', 'x', 'y']]
  ] as const)('%s', async (_, values, options, classes) => {
    expect((await open(column([...values]), options)).classes).toEqual(classes)
  })

  test('texts that are to be values are refused with one of them', async () => {
    await expect(open(column(['low', 'high']), { task: 'regression' })).rejects.toMatchObject({
      key: 'data.table.noNumbers',
      values: { target: 'y', found: 'low' }
    })
  })

  test('rows without a target, or with a text among numbers, are left out and named', async () => {
    const content = column([0, 1, 0, 'n/a', 1, 'many', 0, 1, '', 1, 0, 1])
    const { train, classes } = await open(content)
    expect({ count: train.count, classes, name: train.nameOf?.(3) }).toEqual({
      count: 9,
      classes: ['0', '1'],
      name: 'table.csv:6'
    })
    expect((await findingsIn(content)).find(({ kind }) => kind === 'badLabel')).toEqual({
      kind: 'badLabel',
      severity: 'warning',
      part: 'train',
      count: 3,
      examples: [],
      names: ['table.csv:5', 'table.csv:7', 'table.csv:10'],
      message: {
        key: 'data.table.badLabel',
        values: { count: 3, names: 'table.csv:5, table.csv:7, table.csv:10', target: 'y', total: 12 }
      }
    })
  })
})

describe('findings', () => {
  test('rows of another length are named by their lines, and the rest is used', async () => {
    const content = 'a,b,y\n1,2,0\n3,4\n5,6,1\n7,8,0,9\n9,1,1\n'
    expect((await read(content)).features).toEqual([1, 2, 5, 6, 9, 1])
    expect(await findingsIn(content)).toEqual([
      {
        kind: 'raggedRow',
        severity: 'warning',
        part: 'train',
        count: 2,
        examples: [],
        names: ['table.csv:3', 'table.csv:5'],
        message: {
          key: 'data.csv.ragged',
          values: { count: 2, names: 'table.csv:3, table.csv:5', expected: 3, total: 5 }
        }
      }
    ])
  })

  test('values that are missing, no numbers, or not finite are errors that name column and line', async () => {
    const rows = [
      '1,red,0',
      ',blue,1',
      'nan,?,0',
      '-inf,red,1',
      'oops,blue,0',
      '6,red,1',
      '7,red,0',
      '8,red,1',
      '9,red,0',
      '2,red,1'
    ]
    const { train, columns } = await open(`size,colour,y\n${rows.join('\n')}\n`)
    expect([...train.features.slice(0, 10)]).toEqual([1, 1, NaN, 0, NaN, NaN, -Infinity, 1, NaN, 0])
    expect(columns).toEqual([
      { name: 'size', kind: 'number', missing: 3, range: [1, 9] },
      { name: 'colour', kind: 'category', categories: ['blue', 'red'], missing: 1, range: [0, 1] }
    ])
    const findings = await findingsIn(`size,colour,y\n${rows.join('\n')}\n`)
    const errors = findings.filter(({ severity }) => severity === 'error')
    expect(
      errors.map(({ kind, names, examples, message }) => [kind, message.values?.column, names, examples])
    ).toEqual([
      ['missing', 'size', ['table.csv:3'], [1]],
      ['missing', 'colour', ['table.csv:4'], [2]],
      ['notANumber', 'size', ['table.csv:6'], [4]],
      ['nonFinite', 'size', ['table.csv:4', 'table.csv:5'], [2, 3]]
    ])
  })

  test('flaws of more than ten columns are told for ten, and the others are named', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `c${i}`)
    const findings = await findingsIn(
      `${names.join()},y\n${names.map((_, i) => i).join()},0\n${names.map(() => '').join()},1\n`
    )
    const missing = findings.filter(({ kind }) => kind === 'missing')
    expect(missing).toHaveLength(11)
    expect(missing[10]).toMatchObject({
      count: 2,
      names: ['c10', 'c11'],
      message: { key: 'data.table.moreColumns' }
    })
  })

  test('columns that tell nothing, count the rows, or cannot be used are named', async () => {
    const rows = [
      '1,7,2020-01-05,ann,,5',
      '2,7,2021-11-30,bob,,3',
      '3,7,2020-02-01,cy,,8',
      '4,7,2020-03-01,di,,1',
      '6,7,2020-04-01,eva,,2'
    ]
    rows.splice(4, 0, 'ragged')
    const findings = await findingsIn(
      `id,same,day,name,none,x,y\n${rows.map((row, i) => (row === 'ragged' ? row : `${row},${i % 2}`)).join('\n')}\n`
    )
    expect(findings.map(({ kind, names, message }) => [kind, names, message.key])).toEqual([
      ['raggedRow', ['table.csv:6'], 'data.csv.ragged'],
      ['constantColumn', ['same'], 'data.table.constant'],
      ['identifierColumn', ['id'], 'data.table.identifier'],
      ['skipped', ['day'], 'data.table.skipped.date'],
      ['skipped', ['name'], 'data.table.skipped.text'],
      ['skipped', ['none'], 'data.table.skipped.empty']
    ])
    expect(
      (await open('id,x,y\n1,5,0\n2,5,1\n', { ignore: ['id'] })).columns?.map(({ name }) => name)
    ).toEqual(['x'])
  })

  test('a repeated row is named with the line that it repeats', async () => {
    const findings = await findingsIn('a,b,y\n1,2,0\n3,4,1\n1,2,0\n')
    expect(findings).toMatchObject([
      {
        kind: 'duplicates',
        names: ['table.csv:4'],
        message: { values: { positions: 'table.csv:4 = table.csv:2' } }
      }
    ])
  })
})

describe('a test file', () => {
  test('shares classes and categories with the training file', async () => {
    const folder = await folderWith({
      'train.csv': 'c,y\nred,a\nblue,b\n',
      'test.csv': 'c,y\ngreen,c\nred,a\n'
    })
    const { classes, columns, train, test } = await csv.open({
      use: 'csv',
      path: join(folder, 'train.csv'),
      testPath: join(folder, 'test.csv')
    })
    expect({
      classes,
      categories: columns?.[0].categories,
      train: [...train.features],
      test: test && [...test.features],
      targets: test?.targets
    }).toEqual({
      classes: ['a', 'b', 'c'],
      categories: ['blue', 'green', 'red'],
      train: [2, 0],
      test: [1, 2],
      targets: Int32Array.of(2, 0)
    })
  })

  test('with other columns is refused with both', async () => {
    const folder = await folderWith({ 'train.csv': 'a,y\n1,0\n2,1\n', 'test.csv': 'b,y\n1,0\n' })
    await expect(
      csv.open({ use: 'csv', path: join(folder, 'train.csv'), testPath: join(folder, 'test.csv') })
    ).rejects.toMatchObject({ key: 'data.csv.otherColumns', values: { names: 'a, y', testNames: 'b, y' } })
  })
})

describe('a file that cannot be used is refused with the line', () => {
  const many = (row: string): string => `a,b,y\n${`${row}\n`.repeat(10)}`
  test.each([
    ['empty', '', 'data.empty', {}],
    ['no more than a header', 'a,b,y\n', 'data.empty', {}],
    ['one column', 'a\n1\n2\n', 'data.csv.oneColumn', {}],
    ['mostly ragged', `${many('1,2')}1,2,0\n`, 'data.csv.mostlyRagged', { line: 2, expected: 3, count: 10 }],
    ['a quote that is never closed', 'a,b,y\n1,2,0\n1,"2,0\n1,2,0\n', 'data.csv.unreadable', { line: 3 }],
    ['no UTF-8', Buffer.from('a,b,y\n1,2,caf\xe9\n', 'latin1'), 'data.notUtf8', { line: 2 }],
    [
      'nothing that can be a feature',
      'name,y\nann,0\nbob,1\ncy,0\ndi,1\neva,0\n',
      'data.table.noFeatures',
      { columns: 'name' }
    ]
  ])('%s', async (_, content, key, values) => {
    await expect(open(content)).rejects.toMatchObject({ key, values })
  })

  test('no UTF-8 far inside', async () => {
    const content = Buffer.concat([
      Buffer.from(many('1,2,0').repeat(20_000)),
      Buffer.from([0x31, 0xff, 0x0a])
    ])
    await expect(open(content)).rejects.toMatchObject({ key: 'data.notUtf8', values: { line: 220_001 } })
  })

  test('that is not there', async () => {
    const path = join(await temporaryFolder(), 'none.csv')
    await expect(csv.open({ use: 'csv', path })).rejects.toMatchObject({
      key: 'storage.notFound',
      values: { path }
    })
  })
})

test('a path is recognized by its ending', async () => {
  expect([
    await csv.match?.({ path: '/a/b.CSV' }),
    await csv.match?.({ path: '/a/b.tsv' }),
    await csv.match?.({ path: '/a/b.txt' }),
    await csv.match?.({ path: '/a.csv', entries: [] })
  ]).toEqual([{ use: 'csv', path: '/a/b.CSV' }, { use: 'csv', path: '/a/b.tsv' }, undefined, undefined])
})
