// `npm test`: everything that must hold, in order of cost; stops at nothing, counts all, and says so in its last line.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { needsPackages } from './start/needs.mjs'
import { otherNode, OTHER_NODES, packageOfNode } from './test/other-nodes.mjs'

const root = resolve(import.meta.dirname, '..')
const results = join(root, 'test-results')
process.chdir(root)
process.env.ELECTRON_OVERRIDE_DIST_PATH ??= join(root, 'nonexistent')

const run = (command, args, environment = {}) =>
  new Promise((settle) => {
    spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } }).once(
      'close',
      (code) => settle(code === 0)
    )
  })
const tool = (name, ...args) => run(process.execPath, [join(root, 'node_modules', name), ...args])

/** Runs some vitest projects and counts their tests; a run that broke off counts as one failure. */
const vitest = (name, ...args) => vitestOn(process.execPath, name, ...args)

/** The same on a certain program of Node. */
async function vitestOn(node, name, ...args) {
  const report = join(results, `${name}.json`)
  const passed = await run(node, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args
  ])
  try {
    const { numPassedTests, numFailedTests, numTotalTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8')
    )
    for (const { assertionResults } of testResults)
      for (const { status, fullName, failureMessages } of assertionResults)
        if (status !== 'passed') failures.push(`${fullName}: ${failureMessages[0]?.split('\n')[0] ?? status}`)
    const failed = Math.max(numFailedTests, passed ? 0 : 1)
    return { passed: numPassedTests, failed, skipped: numTotalTests - numPassedTests - numFailedTests }
  } catch (error) {
    console.error(`${name}: no report was written (${error.message})`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
const one = (passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 })

/** What the engine does on a Node that is not the one at work: kernels, compiled programs, steps and whole runs. */
const ENGINE_TESTS = [
  'test/engine/compile',
  'test/engine/kernels',
  'test/engine/native.test.ts',
  'test/training/agreement.test.ts',
  'test/training/evaluate.test.ts',
  'test/training/programs.test.ts',
  'test/training/resume.test.ts'
]

async function engineOn(version) {
  const name = packageOfNode(process.platform, process.arch)
  if (!name) {
    console.log(`npm has no Node ${version} for ${process.platform}-${process.arch}: nothing to run here.`)
    return { passed: 0, failed: 0, skipped: 0 }
  }
  const node = otherNode(name, version)
  return node ? vitestOn(node, `node-${version}`, '--project', 'core', ...ENGINE_TESTS) : one(false)
}

const steps = {
  dependencies: async () => one(!needsPackages(root) || (await run('npm', ['ci', '--include=dev']))),
  format: async () => one(await tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.')),
  lint: async () => one(await tool('eslint/bin/eslint.js', '.')),
  'types of the border': async () => one(await tool('typescript/bin/tsc', '-p', 'tsconfig.contract.json')),
  'types of the core': async () => one(await tool('typescript/bin/tsc', '-p', 'tsconfig.node.json')),
  'types of the view': async () =>
    one(
      await tool('svelte-check/bin/svelte-check', '--tsconfig', './tsconfig.web.json', '--fail-on-warnings')
    ),
  build: async () => one(await tool('electron-vite/bin/electron-vite.js', 'build')),
  engine: async () => one(await run(process.execPath, [join(root, 'out/main/cli.js'), 'engine', 'install'])),
  'unit tests': () => vitest('unit', '--project', 'core', '--project', 'view'),
  ...Object.fromEntries(OTHER_NODES.map((version) => [`engine on Node ${version}`, () => engineOn(version)])),
  journeys: () => vitest('journeys', '--project', 'journeys')
}

rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })
const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []
for (const [name, step] of Object.entries(steps)) {
  const started = Date.now()
  console.log(`\n── ${name}`)
  const counts = await step()
  for (const key of Object.keys(total)) total[key] += counts[key]
  // A skipped test is a test that cannot fail.
  if (counts.failed + counts.skipped > 0) failures.push(name)
  console.log(
    `── ${name}: ${counts.failed ? 'failed' : 'passed'} (${((Date.now() - started) / 1000).toFixed(1)} s)`
  )
}
if (failures.length > 0) console.log(`\n${failures.map((failure) => `✗ ${failure}`).join('\n')}`)
console.log(`\n${total.passed} passed, ${total.failed + total.skipped} failed`)
process.exit(failures.length > 0 ? 1 : 0)
