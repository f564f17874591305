import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const entries = ['index', 'server', 'cli', 'trainer', 'feeder', 'worker']

/**
 * Takes out the step that declares `require` and `__dirname` in every module where these words occur: ours are real
 * modules, and those that make a `require` of their own would have two.
 */
const withoutCommonJsNames: Plugin = {
  name: 'without-commonjs-names',
  configResolved({ plugins }) {
    const added = plugins.findIndex(({ name }) => name === 'vite:esm-shim')
    if (added !== -1) (plugins as Plugin[]).splice(added, 1)
  }
}

export default defineConfig({
  main: {
    plugins: [withoutCommonJsNames],
    build: {
      // The browser and terminal shells run under the user's own Node, which is older than Electron's.
      target: 'node20.19',
      rolldownOptions: {
        input: Object.fromEntries(entries.map((entry) => [entry, resolve(`src-main/${entry}.ts`)]))
      }
    }
  },
  preload: {
    build: {
      // A sandboxed preload can load nothing but Electron: one CommonJS file with everything in it.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve('src-preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: 'src-renderer',
    build: {
      outDir: resolve('out/renderer'),
      minify: true,
      rolldownOptions: { input: resolve('src-renderer/index.html') }
    },
    server: { host: '127.0.0.1', fs: { allow: [resolve('.')] } },
    plugins: [svelte({ configFile: false })]
  }
})
