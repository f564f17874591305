import { join } from 'node:path'
import { build } from 'vite'

/** Builds a TypeScript fixture into a folder, because Node cannot run it as it is; returns the path of its JavaScript. */
export async function buildFixture(name: string, folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(import.meta.dirname, 'fixtures', `${name}.ts`),
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: `${name}.mjs` } }
    }
  })
  return join(folder, `${name}.mjs`)
}
