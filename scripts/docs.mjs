// `npm run docs`: writes docs/vocabulary.md and docs/vocabulary.zh-CN.md from the vocabulary and its texts.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { resolveConfig } from 'prettier'
import { createServer } from 'vite'

const root = resolve(import.meta.dirname, '..')
const vite = await createServer({
  root,
  configFile: false,
  server: { middlewareMode: true },
  appType: 'custom',
  // Nothing is served, so nothing is to be bundled for a browser.
  optimizeDeps: { noDiscovery: true }
})
try {
  const { pages, vocabularyPage } = await vite.ssrLoadModule('/scripts/docs/vocabulary-page.ts')
  for (const [file, language] of Object.entries(pages)) {
    const path = join(root, 'docs', file)
    writeFileSync(path, await vocabularyPage(language, await resolveConfig(path)))
    console.log(`docs/${file}`)
  }
} finally {
  await vite.close()
}
