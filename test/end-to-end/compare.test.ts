import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHome, preset, steadygrad, type Home, type Outcome } from './product'

let home: Home
beforeAll(() => (home = makeHome()))
afterAll(() => home.remove())

const study = {
  version: 1,
  name: 'rates',
  base: {
    version: 1,
    data: {
      source: { use: 'digits' },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      limit: { train: 320, test: 100 }
    },
    model: {
      layers: [
        { use: 'flatten' },
        { use: 'dense', units: 32, activation: 'relu', initializer: { use: 'heNormal' } },
        { use: 'dense', units: 10 }
      ]
    },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'sgd', rate: 0.1 }],
    training: { batchSize: 32, epochs: 1 }
  },
  vary: [
    {
      name: 'activation',
      cases: [
        { label: 'ReLU', set: { 'model.layers.*.activation': 'relu' } },
        { label: 'sigmoid', set: { 'model.layers.*.activation': 'sigmoid' } }
      ]
    },
    { name: 'depth', cases: [{ label: '4', repeat: { 'model.layers.1': 4 } }] }
  ],
  seeds: 2
}

test('compare trains every cell in one process, finds its runs again, and measures what theory says', async () => {
  const path = join(home.folder, 'rates.study.json')
  writeFileSync(path, JSON.stringify(study))
  const out = join(home.folder, 'compared')
  const compare = (): Promise<Outcome> => steadygrad(home, ['compare', path, '--out', out, '--json'])
  const first = await compare()
  expect(first.code).toBe(0)
  const { cells } = first.lines.at(-1) as unknown as {
    cells: { runs: { multiplier: number; findings: string[] }[]; theoreticalMultiplier: number }[]
  }
  expect(cells.map(({ runs }) => runs.length)).toEqual([2, 2])
  for (const { runs, theoreticalMultiplier } of cells)
    for (const { multiplier } of runs)
      expect(Math.abs(multiplier / theoreticalMultiplier - 1)).toBeLessThan(0.2)
  expect(cells[1].theoreticalMultiplier).toBeLessThan(cells[0].theoreticalMultiplier)

  const again = await compare()
  expect(again.lines.at(-1)?.cells).toEqual(first.lines.at(-1)?.cells)
  expect(readdirSync(out).filter((name) => name !== 'studies.jsonl')).toHaveLength(4)
})

test('Ctrl+C exits with 130, and the same command goes on with the runs that are there', async () => {
  const path = join(home.folder, 'rates.study.json')
  writeFileSync(path, JSON.stringify({ ...study, seeds: 3 }))
  const out = join(home.folder, 'interrupted')
  const words = ['compare', path, '--out', out, '--json']
  let interrupted = false
  const first = await steadygrad(home, words, (line, child) => {
    if (!interrupted && line.includes('"type":"run"')) interrupted = child.kill('SIGINT')
  })
  expect(first.code).toBe(130)
  const second = await steadygrad(home, words)
  expect(second.code).toBe(0)
  expect(second.lines.filter(({ type }) => String(type) === 'run')).toHaveLength(6)
  expect(readdirSync(out).filter((name) => name !== 'studies.jsonl')).toHaveLength(6)
})

test('two presets compared are a table with their names', async () => {
  const small = ['--seeds', '1', '--out', join(home.folder, 'presets')]
  const { code, out } = await steadygrad(home, ['compare', preset('digits-mlp'), 'regression', ...small])
  expect(code).toBe(0)
  expect(out).toMatch(/^experiment .*\ndigits-mlp .*\nregression /)
})
