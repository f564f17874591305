import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { languages, say } from '#contract/messages'
import { presetKeys, presetOrder } from '#contract/presets'
import { STUDY_ENDING } from '#contract/study'
import { buildModel, checkOutput } from '../../src-main/models/build'

const FOLDER = resolve(import.meta.dirname, '../../resources/presets')
const read = (name: string): Experiment =>
  parseExperiment(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')))

/** What the model takes of a sample once it is prepared, and what it must answer with. */
interface Fit {
  input: number[]
  target: { classes: number } | { targetSize: number }
  /** More parameters than this it may not have. */
  most?: number
}
const picture = { input: [28, 28, 1], target: { classes: 10 } }
const fits: Record<(typeof presetOrder)[number], Fit> = {
  'mnist-cnn': picture,
  'digits-mlp': picture,
  'mnist-mlp': picture,
  'mnist-small': { ...picture, most: 35_000 },
  'mnist-one-epoch': picture,
  'mnist-rows-recurrent': picture,
  'fashion-cnn': { ...picture, most: 99_999 },
  'fashion-resnet': { input: [32, 32, 3], target: { classes: 10 } },
  // Five measures and four colours, one of which is “missing”, where the table has gaps.
  'fruits-table': { input: [9], target: { classes: 4 } },
  regression: { input: [1], target: { targetSize: 1 } },
  adding: { input: [50, 2], target: { targetSize: 1 } },
  vanishing: picture,
  exploding: { input: [1], target: { targetSize: 1 } }
}

test('every preset is in the order in which they are offered', () => {
  const files = readdirSync(FOLDER)
    .filter((name) => !name.endsWith(STUDY_ENDING))
    .map((name) => name.replace('.json', ''))
  expect([...presetOrder].sort()).toEqual(files.sort())
})

describe.each(Object.entries(fits))('%s', (name, { input, target, most = Infinity }) => {
  test('is an experiment of its own name that fits its data, with no more parameters than it promises', () => {
    const preset = read(name)
    expect(preset.name).toBe(name)
    const model = buildModel(preset.model.layers, input)
    expect(() => {
      checkOutput(model, target)
    }).not.toThrow()
    expect(model.summary.parameters).toBeLessThanOrEqual(most)
  })

  test.each(languages)('has a name and one sentence in %s', (language) => {
    const keys = presetKeys(name)
    if (!keys) throw new Error(`${name} is not described`)
    expect(say(language, keys.name)).not.toMatch(/[.。]$/)
    expect(say(language, keys.help).match(/[.。](?:\s|$)/g) ?? []).toHaveLength(1)
  })
})

test('the presets that promise an accuracy without augmentation or after one epoch keep to that', () => {
  expect(read('mnist-one-epoch').training.epochs).toBe(1)
  expect(read('mnist-small').training.epochs).toBe(15)
  expect(read('fashion-cnn').data.augment).toEqual([])
})
