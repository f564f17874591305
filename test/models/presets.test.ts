import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseExperiment } from '#contract/experiment'
import { buildModel, checkOutput } from '../../src-main/models/build'

const folder = new URL('../../resources/presets/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

test.each(files)('%s is an experiment of its own name that fits digits of 28 × 28', (file) => {
  const preset = parseExperiment(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
  expect(`${preset.name}.json`).toBe(file)
  const model = buildModel(preset.model.layers, [28, 28, 1])
  expect(() => {
    checkOutput(model, { classes: 10 })
  }).not.toThrow()
})
