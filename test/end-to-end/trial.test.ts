import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExperimentInput } from '#contract/experiment'
import { randomFrom } from '#contract/random'
import { pngBytes } from '../fixtures/png'
import { findViolations } from './accessibility'
import { steadygrad } from './product'
import { openNewestRun, type Visit } from './visit'
import { useWorkplace } from './workplace'

const place = useWorkplace()

/** Trains an experiment from the command line, and opens its run where a model is tried out. */
async function tryOut(experiment: Partial<ExperimentInput>): Promise<Visit> {
  const file = join(place.home.folder, 'experiment.json')
  writeFileSync(
    file,
    JSON.stringify({
      version: 1,
      name: 'tried',
      gradients: [{ use: 'adam', rate: 0.01 }],
      training: { batchSize: 16, epochs: 2 },
      ...experiment
    })
  )
  expect((await steadygrad(place.home, ['train', file])).code).toBe(0)
  const visitor = await place.visit({ size: [1024, 640] })
  await openNewestRun(visitor)
  await visitor.goTo('test')
  return visitor
}

test('a table row is changed and predicted, and the largest errors open their rows', async () => {
  const random = randomFrom(1)
  const rows = Array.from({ length: 200 }, () => {
    const [area, town] = [Math.round(20 + random() * 100), random() < 0.5 ? 'Bonn' : 'Köln']
    return `${area},${town},${area * 3 + (town === 'Bonn' ? 40 : 0)}`
  })
  const path = join(place.home.folder, 'flats.csv')
  writeFileSync(path, ['area,town,price', ...rows].join('\n'))
  const visitor = await tryOut({
    data: {
      source: { use: 'csv', path, target: 'price' },
      prepare: [{ use: 'oneHot' }, { use: 'standardize' }, { use: 'standardize', on: 'targets' }]
    },
    model: { layers: [{ use: 'dense', units: 1 }] },
    loss: { use: 'meanSquaredError' }
  })
  const { page, say, button, text, complaints } = visitor
  await page.getByText(/^Predicted: .*, true: /).waitFor()
  await button('trial.steps.next').click()
  await expect.poll(() => page.getByLabel(say('trial.steps.sample'), { exact: true }).inputValue()).toBe('2')

  await page.getByRole('textbox', { name: 'area' }).fill('70')
  await page.getByLabel('town').selectOption('Bonn')
  await page.getByText(/^Predicted: [\d.]+$/).waitFor()
  await button('trial.restore').click()
  await page.getByText(/^Predicted: .*, true: /).waitFor()

  await button('trial.evaluate').click()
  await text('trial.mae').waitFor()
  await page
    .getByRole('table', { name: say('trial.errors') })
    .getByRole('button')
    .first()
    .click()
  await expect.poll(() => page.getByLabel(say('trial.steps.sample'), { exact: true }).inputValue()).toBe('')
  expect([await findViolations(page), complaints]).toEqual([[], []])
})

test('an image file is brought to the form of the samples and predicted, and one that is damaged is named', async () => {
  const folder = join(place.home.folder, 'colours')
  const flat = (red: number, blue: number): Buffer =>
    pngBytes({
      width: 8,
      height: 8,
      colour: 2,
      lines: Array.from({ length: 8 }, () => Array.from({ length: 24 }, (_, i) => [red, 0, blue][i % 3]))
    })
  for (const name of ['red', 'blue']) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let index = 0; index < 30; index++) {
      const strong = 150 + 3 * index
      const bytes = name === 'red' ? flat(strong, index) : flat(index, strong)
      writeFileSync(join(folder, name, `${index}.png`), bytes)
    }
  }
  const visitor = await tryOut({
    data: { source: { use: 'imageFolder', path: folder }, prepare: [{ use: 'scale', by: 1 / 255 }] },
    model: { layers: [{ use: 'flatten' }, { use: 'dense', units: 2 }] },
    loss: { use: 'softmaxCrossEntropy' },
    training: { batchSize: 8, epochs: 10 }
  })
  const { page, say, text, complaints } = visitor
  const chooser = page.locator('input[type="file"]')
  await text('trial.picture.hint').waitFor()
  await chooser.setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: flat(250, 5) })
  await text('trial.prediction.best', { class: 'red' }).waitFor()
  await text('trial.seen.file', { name: 'mine.png', shape: '8 × 8 × 3' }).waitFor()
  await chooser.setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no') })
  await page
    .getByRole('alert')
    .filter({ hasText: say('trial.picture.unreadable', { name: 'broken.png' }) })
    .waitFor()
  expect([await findViolations(page), complaints]).toEqual([[], []])
})
