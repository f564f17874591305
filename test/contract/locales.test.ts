import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { en, zhCN } from '#contract/locales/index'
import { languages, say, type MessageKey } from '#contract/messages'
import { requests } from '#contract/requests'
import * as words from '#contract/vocabulary'

const ROOT = resolve(import.meta.dirname, '../..')
const placeholders = (text: string): string[] =>
  Array.from(text.matchAll(/\{(\w+)\}/g), ([, name]) => name).sort()
const read = (folder: string, pattern: RegExp): { path: string; text: string }[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(ROOT.length + 1), text: readFileSync(path, 'utf8') }))
const sources = [
  ...read('src-main', /\.ts$/),
  ...read('src-renderer', /\.(ts|svelte)$/),
  ...read('src-preload', /\.ts$/)
]
const scripts = read('scripts', /\.mjs$/)

test('both languages have the same sentences with the same placeholders', () => {
  expect(Object.keys(zhCN).sort()).toEqual(Object.keys(en).sort())
  const different = Object.keys(en).filter(
    (key) => String(placeholders(en[key as MessageKey])) !== String(placeholders(zhCN[key as MessageKey]))
  )
  expect(different).toEqual([])
})

test('no sentence was left in the other language', () => {
  const untranslated = Object.entries(zhCN).filter(
    ([key, text]) =>
      /[a-z]{3,} [a-z]{3,} [a-z]{3,}/.test(text) &&
      !/[\u4e00-\u9fff]/.test(text) &&
      !key.endsWith('.usage') &&
      // The title of a paper is its name in every language.
      !key.endsWith('.paper')
  )
  const chinese = Object.entries(en).filter(
    ([key, text]) => /[\u4e00-\u9fff]/.test(text) && !key.includes('language')
  )
  expect({ untranslated, chinese }).toEqual({ untranslated: [], chinese: [] })
})

test('a key begins with the area of its file, and each file is a known area', () => {
  const misplaced = languages.flatMap((language) =>
    readdirSync(join(ROOT, 'src-preload/contract/locales', language)).flatMap((file) => {
      const area = file.replace('.json', '').split('-')[0]
      const prefixes = area === 'border' ? ['request.', 'wire.', 'storage.'] : [`${area}.`]
      const texts = JSON.parse(
        readFileSync(join(ROOT, 'src-preload/contract/locales', language, file), 'utf8')
      ) as object
      return Object.keys(texts).filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)))
    })
  )
  expect(misplaced).toEqual([])
})

test('a sentence stands in one file only', () => {
  const keys = languages.flatMap((language) =>
    read(`src-preload/contract/locales/${language}`, /\.json$/).flatMap(({ text }) =>
      Object.keys(JSON.parse(text) as object).map((key) => `${language} ${key}`)
    )
  )
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
})

test('every key that the sources name exists', () => {
  const areas = new Set(Object.keys(en).map((key) => key.split('.')[0]))
  const named = sources.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/['"]([a-z]+\.[A-Za-z0-9.]+)['"]/g), ([, key]) => ({ path, key }))
  )
  const alike = /^(run|engine|data|model|library)\.[a-z]+$/
  const missing = named.filter(
    ({ path, key }) =>
      areas.has(key.split('.')[0]) &&
      !Object.hasOwn(en, key) &&
      // Names of requests, events and paths in an experiment look alike.
      !Object.hasOwn(requests, key) &&
      !alike.test(key) &&
      !/^(training|model|data)\.(batchSize|epochs|layers|source|stopEarly)/.test(key) &&
      !/\.(json|ts|js|bin|h5|svelte)$/.test(key) &&
      !path.includes('contract/')
  )
  expect(missing).toEqual([])
})

test('every sentence is used by somebody', () => {
  const all = [...sources, ...scripts].map(({ text }) => text).join('\n')
  const unused = Object.keys(en).filter((key) => {
    if (all.includes(`'${key}'`) || all.includes(`"${key}"`) || all.includes(`\`${key}\``)) return false
    // Keys put together from a stem and a word, such as `training.guard.${reason}`.
    const parts = key.split('.')
    return !parts.some((_, index) => index > 0 && all.includes(`\`${parts.slice(0, index).join('.')}.\${`))
  })
  expect(unused).toEqual([])
})

test('every word and option of the vocabulary has its label and its line of help', () => {
  const groups = Object.values(words.vocabulary) as Record<string, { shape: Record<string, unknown> }>[]
  const used = [...groups.flatMap((group) => Object.keys(group)), ...words.activations]
  const options = groups.flatMap((group) =>
    Object.values(group).flatMap(({ shape }) => Object.keys(shape).filter((option) => option !== 'use'))
  )
  const keys = [
    ...used.flatMap((word) => [`vocabulary.${word}`, `vocabulary.${word}.help`]),
    ...options.map((option) => `vocabulary.option.${option}`)
  ]
  expect(keys.filter((key) => !Object.hasOwn(en, key))).toEqual([])
})

test('a sentence takes its values, with numbers written as the language writes them', () => {
  expect(say('en', 'wire.closed', { reason: 'x' })).toBe('The connection was lost: x')
  expect(say('en', 'storage.locked', { path: 'run', pid: '12345' })).toBe('run is in use by process 12345.')
  expect(say('en', 'experiment.notAbove', { path: 'x', found: 'y', limit: 12345.5 })).toContain('12,345.5')
})

test('no component holds words of its own', () => {
  const literal = read('src-renderer', /\.svelte$/).flatMap(({ path, text }) => {
    const markup = text.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '')
    const bare = markup
      .replace(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '')
      .match(/>[^<>]*[A-Za-z\u4e00-\u9fff]{2,}[^<>]*</g)
    const attributes = markup.match(/\b(?:aria-label|title|placeholder|alt)="[^"{]*[A-Za-z]{2,}[^"{]*"/g)
    return [...(bare ?? []), ...(attributes ?? [])].map((found) => `${path}: ${found.trim()}`)
  })
  expect(literal).toEqual([])
})
