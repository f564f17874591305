import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { expandStudy } from '#contract/expand-study'
import type { ShippedStudy, StudyCell } from '#contract/study'
import { listShipped } from '../../src-main/application/shipped-studies'
import { buildModel, checkOutput } from '../../src-main/models/build'

const resources = resolve(import.meta.dirname, '../../resources')
const paths = {
  library: '',
  presets: join(resources, 'presets'),
  studies: join(resources, 'studies')
}
let studies: ShippedStudy[]
beforeAll(async () => {
  studies = await listShipped(paths)
})
const cellsOf = (id: string): StudyCell[] => studies.find((study) => study.id === id)?.result?.cells ?? []

test('the studies that come with the product vary activations, and ReLU against sigmoid', () => {
  expect(studies.map(({ id, study }) => [id, study.name])).toEqual([
    ['activations', 'activations'],
    ['relu-vs-sigmoid', 'relu-vs-sigmoid']
  ])
})

test('every cell of them is an experiment that fits pictures of ten classes', () => {
  for (const { study, base } of studies)
    for (const { experiment } of expandStudy(study, base).cells)
      expect(() => {
        checkOutput(buildModel(experiment.model.layers, [28, 28, 1]), { classes: 10 })
      }).not.toThrow()
})

test('the activations are tried with four initializers and five depths', () => {
  const { cells } = expandStudy(studies[0].study, studies[0].base)
  expect(cells).toHaveLength(5 * 4 * 5)
  expect(cells[4].labels).toEqual({ activation: 'ReLU', initializer: 'Glorot', depth: '40' })
  expect(cells[4].experiment.model.layers).toHaveLength(42)
})

test('their results have every cell with every seed, and say where they were made', () => {
  for (const { study, base, result } of studies) {
    expect({ ...result?.study, seeds: study.seeds }).toEqual(study)
    const { cells, seeds } = expandStudy(result?.study ?? study, base)
    expect(result?.cells.map(({ labels, runs }) => [labels, runs.map(({ seed }) => seed)])).toEqual(
      cells.map(({ labels }) => [labels, seeds])
    )
    expect(result?.made).toMatchObject({ engine: 'native-cpu', cores: 2 })
  }
})

test('their results name no folder and no run that nobody else has', () => {
  for (const { id } of studies) {
    const text = readFileSync(join(paths.studies, `${id}.results.json`), 'utf8')
    expect(text).not.toMatch(/"run":|"\/|[A-Z]:\\\\/)
  }
})

test('at equal initialization sigmoid multiplies gradients less than ReLU does, measured as in theory', () => {
  const cells = cellsOf('activations')
  const multipliers = (activation: string, { labels }: StudyCell): number[] =>
    cells
      .filter((cell) => cell.labels.activation === activation)
      .filter((cell) => cell.labels.initializer === labels.initializer && cell.labels.depth === labels.depth)
      .flatMap(({ runs }) => runs.flatMap(({ multiplier }) => multiplier ?? []))
  const sigmoid = cells.filter(({ labels }) => labels.activation === 'sigmoid' && labels.depth !== '1')
  expect(sigmoid).toHaveLength(16)
  for (const cell of sigmoid)
    expect(Math.max(...multipliers('sigmoid', cell))).toBeLessThan(Math.min(...multipliers('ReLU', cell)))
})
