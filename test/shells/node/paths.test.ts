import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findRoot, languageFrom, libraryPlace, settingsFolder } from '../../../src-main/shells/node/paths'

test('the root is the nearest folder above whose package is ours, whoever else has a package on the way', async () => {
  const root = await mkdtemp(join(tmpdir(), 'steadygrad-root-'))
  const chunks = join(root, 'out', 'main', 'chunks')
  await mkdir(chunks, { recursive: true })
  await writeFile(join(root, 'package.json'), '{"name":"steadygrad"}')
  await writeFile(join(root, 'out', 'package.json'), '{"name":"another"}')
  expect([findRoot(chunks), findRoot(root), findRoot()]).toEqual([root, root, resolve('.')])
  await rm(root, { recursive: true })
  expect(() => findRoot(tmpdir())).toThrow('no folder of steadygrad above')
})

describe('the library', () => {
  const { folder: system } = libraryPlace(undefined, {})

  test('is below the home folder where nothing says otherwise', () => {
    expect(system.startsWith(homedir()) || process.env.XDG_DATA_HOME !== undefined).toBe(true)
  })

  test('is where STEADYGRAD_HOME says, whatever the settings say', () => {
    expect(libraryPlace(tmpdir(), { STEADYGRAD_HOME: 'somewhere' })).toEqual({
      folder: resolve('somewhere'),
      rule: { source: 'environment', system }
    })
  })

  test('is where the settings say otherwise', () => {
    expect(libraryPlace(tmpdir(), {})).toEqual({ folder: tmpdir(), rule: { source: 'settings', system } })
  })

  test('is the system’s while the one of the settings is not there, and that is said', () => {
    const path = join(tmpdir(), 'a disk that was taken out')
    expect(libraryPlace(path, {})).toEqual({
      folder: system,
      rule: { source: 'system', system, problem: { key: 'library.missing', values: { path } } }
    })
  })

  test.each([['relative/path'], [7], [null]])('is the system’s where the settings hold %j', (chosen) => {
    expect(libraryPlace(chosen, {}).folder).toBe(system)
  })
})

test('the settings are beside the library where STEADYGRAD_HOME says, else where the system keeps settings', () => {
  expect(settingsFolder({ STEADYGRAD_HOME: 'somewhere' })).toBe(resolve('somewhere'))
  expect(settingsFolder({})).not.toBe(libraryPlace(undefined, {}).folder)
})

test.each([
  ['our own variable first', { STEADYGRAD_LANGUAGE: 'zh-CN', LC_ALL: 'en_US.UTF-8' }, 'zh-CN'],
  ['then LC_ALL', { LC_ALL: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
  ['then LC_MESSAGES', { LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'de_DE' }, 'zh-CN'],
  ['then LANG, where an empty variable counts as none', { LC_ALL: '', LANG: 'zh_TW.Big5' }, 'zh-CN'],
  ['English for a language without a translation', { LANG: 'C.UTF-8' }, 'en'],
  ['what the system says where nothing is set', {}, 'zh-CN']
])('the language follows %s', (_, environment, language) => {
  expect(languageFrom(environment, 'zh-Hans-CN')).toBe(language)
})
