import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { pages, vocabularyPage } from '../../scripts/docs/vocabulary-page'

const DOCS = resolve(import.meta.dirname, '../../docs')

test.each(Object.entries(pages))('docs/%s is what `npm run docs` writes', async (file, language) => {
  const path = join(DOCS, file)
  expect(readFileSync(path, 'utf8')).toBe(await vocabularyPage(language, (await resolveConfig(path)) ?? {}))
})
