import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import typescript from 'typescript'
import { expect, test } from 'vitest'

/*
 * Who may import whom: DESIGN's table, as ARCHITECTURE.md prints it. A row names a folder or file and what it may
 * import; the longest matching row rules. `node` stands for Node's own modules.
 */
const ROOT = resolve(import.meta.dirname, '..')
const tfjsCore = ['@tensorflow/tfjs-core']
const tfjsAll = [
  ...tfjsCore,
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node-gpu'
]
const contract = 'src-preload/contract'
const node = 'node'
const storage = 'src-main/storage'

const rules: Record<string, string[]> = {
  'src-preload/contract': [contract, 'zod', '@msgpack/msgpack'],
  'src-preload/index.ts': ['electron', contract],
  'src-main/storage': [storage, contract, node],
  'src-main/engine': ['src-main/engine', contract, storage, node, ...tfjsAll, 'env-paths', 'protobufjs'],
  'src-main/gradients': ['src-main/gradients', contract, ...tfjsCore],
  'src-main/health': ['src-main/health', contract],
  'src-main/health/measure.ts': [contract, ...tfjsCore],
  'src-main/health/measure-layer.ts': [contract, ...tfjsCore],
  'src-main/models': ['src-main/models', contract, ...tfjsCore, '@tensorflow/tfjs-layers'],
  'src-main/datasets': ['src-main/datasets', contract, storage, node, 'fflate', 'csv-parse', 'sharp'],
  'src-main/importers': ['src-main/importers', contract, storage, node, 'fflate', 'h5wasm'],
  'src-main/exporters': ['src-main/exporters', contract, storage, node, 'fflate'],
  'src-main/exporters/read-back': ['src-main/exporters', contract, storage, node, ...tfjsAll],
  'src-main/training': [
    'src-main/training',
    contract,
    storage,
    node,
    'src-main/engine',
    'src-main/gradients',
    'src-main/health',
    'src-main/models',
    'src-main/datasets',
    ...tfjsCore
  ],
  'src-main/application': ['src-main/application', contract, storage, node, 'src-main/health'],
  'src-main/shells/node': [
    'src-main/shells/node',
    'src-main/application',
    contract,
    storage,
    node,
    'env-paths',
    'conf'
  ],
  'src-main/shells/browser': [
    'src-main/shells/browser',
    'src-main/shells/node',
    'src-main/application',
    contract,
    storage,
    node,
    'ws'
  ],
  'src-main/shells/terminal': [
    'src-main/shells/terminal',
    'src-main/shells/node',
    'src-main/application',
    contract,
    storage,
    node
  ],
  'src-main/shells/electron': [
    'src-main/shells/electron',
    'src-main/shells/node',
    'src-main/application',
    contract,
    storage,
    node,
    'electron',
    'electron-store'
  ],
  // The entries: they start what they name and hand it on.
  'src-main/index.ts': ['src-main', contract, node, 'electron'],
  'src-main/server.ts': ['src-main', contract, node],
  'src-main/cli.ts': ['src-main', contract, node],
  'src-main/trainer.ts': ['src-main', contract, node],
  'src-main/feeder.ts': ['src-main', contract, node],
  'src-main/worker.ts': ['src-main', contract, node],
  'src-renderer': ['src-renderer', contract, 'svelte', 'chart.js'],
  // Tells the validation library of the contract to respect the page's content security policy.
  'src-renderer/without-eval.ts': ['zod'],
  'src-renderer/state': ['src-renderer/state', 'src-renderer/workbench.ts', contract, 'svelte'],
  'src-renderer/components': ['src-renderer/components', 'src-renderer/charts', contract, 'svelte'],
  'src-renderer/charts': ['src-renderer/charts', contract, 'svelte', 'chart.js']
}

const SOURCES = ['src-preload', 'src-main', 'src-renderer']
const files = SOURCES.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
)

/** What a file imports: a path of the project, a package, or `node`. Styles and pictures are nobody's business. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const script = file.endsWith('.svelte') ? (/<script[^>]*>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '') : text
  return typescript
    .preProcessFile(script)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => !/\.(css|svg)$/.test(specifier))
    .map((specifier) => {
      if (specifier.startsWith('#contract/')) return specifier.replace('#contract', contract)
      if (specifier.startsWith('.')) return relative(ROOT, resolve(ROOT, dirname(file), specifier))
      if (isBuiltin(specifier)) return node
      return specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]
    })
}

const within = (path: string, folder: string): boolean =>
  path === folder || path === folder.replace(/\.ts$/, '') || path.startsWith(`${folder}/`)

const ruleOf = (file: string): string | undefined =>
  Object.keys(rules)
    .filter((row) => within(file, row))
    .sort((a, b) => b.length - a.length)[0]

test('no file imports what its folder may not', () => {
  const offences = files.flatMap((file) => {
    const row = ruleOf(file)
    if (!row) return [`${file}: no row of the table rules it`]
    return importsOf(file)
      .filter((imported) => !rules[row].some((allowed) => within(imported, allowed)))
      .map((imported) => `${file} imports ${imported}`)
  })
  expect(offences).toEqual([])
})

test('the reading of imports sees them all', () => {
  const imports = files.flatMap(importsOf)
  // Every folder that somebody is allowed to use is used by somebody; else the pattern above misses imports.
  const unused = ['zod', 'ws', 'electron', 'svelte', 'chart.js', node, storage, ...tfjsCore].filter(
    (name) => !imports.some((imported) => within(imported, name))
  )
  expect(unused).toEqual([])
})

test('only the engine names a backend', () => {
  const offences = files.filter(
    (file) =>
      !/^src-main\/(engine|exporters\/read-back)\//.test(file) &&
      /tfjs-backend|tfjs-node|setBackend\(/.test(readFileSync(join(ROOT, file), 'utf8'))
  )
  expect(offences).toEqual([])
})

test('an entry is a page of at most 40 lines', () => {
  const long = ['index', 'server', 'cli', 'trainer', 'feeder', 'worker'].filter(
    (entry) => readFileSync(join(ROOT, `src-main/${entry}.ts`), 'utf8').split('\n').length > 41
  )
  expect(long).toEqual([])
})
