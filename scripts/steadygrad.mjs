#!/usr/bin/env node
// The command `steadygrad`: the built command line, or a sentence when there is none.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { languageFrom, speak } from './start/words.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cli = join(root, 'out', 'main', 'cli.js')

if (existsSync(cli)) await import(pathToFileURL(cli).href)
else {
  process.stderr.write(`${speak(root, languageFrom(process.env))('notBuilt')}\n`)
  process.exitCode = 1
}
