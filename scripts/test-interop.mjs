// `npm run test:interop`: every layer, activation, initializer and loss against Keras itself. Keras is installed into
// an environment of Python of its own, in the user's cache folder, when it is needed first.
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { KERAS, pythonWith } from './python-environment.mjs'

const root = resolve(import.meta.dirname, '..')
const report = join(root, 'test-results', 'interop.json')

/**
 * Runs a program to its end, its output shown.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<boolean>}
 */
const run = (command, args, environment = process.env) =>
  new Promise((settle) => {
    spawn(command, args, { cwd: root, stdio: 'inherit', env: environment })
      .once('error', () => settle(false))
      .once('close', (code) => settle(code === 0))
  })

/** @param {string} python */
async function compare(python) {
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=json', `--outputFile.json=${report}`]
  const passed = await run(process.execPath, [vitest, 'run', '--project', 'interop', ...reporters], {
    ...process.env,
    STEADYGRAD_KERAS_PYTHON: python
  })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const tests = testResults.flatMap(
    (/** @type {{ assertionResults: Result[] }} */ file) => file.assertionResults
  )
  printTable(tests)
  const failed = tests.filter(({ status }) => status !== 'passed').length
  return { passed: tests.length - failed, failed: Math.max(failed, passed ? 0 : 1) }
}

/** @typedef {{ status: string, title: string, failureMessages: string[], meta: { difference?: number } }} Result */
/** @param {Result[]} tests */
function printTable(tests) {
  console.log('\nlargest relative difference from Keras')
  for (const { status, title, meta } of tests) {
    const difference = meta.difference === undefined ? '' : meta.difference.toExponential(1)
    console.log(`${status === 'passed' ? '✓' : '✗'} ${difference.padStart(8)}  ${title}`)
  }
  for (const { title, failureMessages } of tests.filter(({ status }) => status !== 'passed'))
    // Where in the test it failed says nothing.
    console.log(`\n✗ ${title}\n${failureMessages.join('\n').replaceAll(/\n\s+at .*/g, '')}`)
}

let counts = { passed: 0, failed: 1 }
try {
  counts = await compare(await pythonWith(KERAS))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed`)
process.exit(counts.failed > 0 ? 1 : 0)
