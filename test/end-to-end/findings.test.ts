import { expect, test } from 'vitest'
import { findViolations } from './accessibility'
import { openNewestRun, type Visit } from './visit'
import { useWorkplace } from './workplace'

const place = useWorkplace()

/** Trains the experiment that explodes, from the window, until the guard stops it. */
async function explode({ page, say, text, button }: Visit): Promise<void> {
  await page.getByLabel(say('window.preset')).selectOption('exploding')
  await button('window.start').click()
  await text('window.state.stoppedByGuard').waitFor()
}

test('a finding is one with its mark in the chart, its evidence, its layer in the stack and in the editor', async () => {
  const visitor = await place.visit()
  const { page, say, goTo } = visitor
  await explode(visitor)
  const kind = say('finding.kind.explodingGradient')

  // A key chooses the mark in the chart of gradients, which says its sentence.
  const chart = page.getByRole('group', { name: say('window.gradientChart'), exact: true })
  const mark = chart
    .getByRole('group', { name: say('charts.findings.marks') })
    .getByRole('button', { name: new RegExp(say('window.severity.error')) })
    .first()
  const [, step] = /(\d+)/.exec((await mark.getAttribute('aria-label')) ?? '') ?? []
  await mark.focus()
  await page.keyboard.press('Enter')

  // Its finding is open in the list, drawn and with its numbers, and the charts read its step.
  const list = page.getByRole('list', { name: say('window.findings'), exact: true })
  const open = list.getByRole('button', { expanded: true })
  expect(await open.innerText()).toContain(kind)
  await list
    .getByRole('img', { name: new RegExp(say('charts.evidence.gradient', { from: 1, to: '\\d+' })) })
    .waitFor()
  await list.getByText(say('finding.evidence.ratio'), { exact: true }).waitFor()
  await chart.getByText(say('window.atStep', { step }), { exact: true }).first().waitFor()
  // The row of its layer says the worst that was found of the layer: what the explosion ended in.
  const worst = say('finding.kind.nonFinite')
  expect(await page.locator('li[aria-current="true"]').innerText()).toContain(worst)
  expect(await findViolations(page)).toEqual([])

  // Let go in the list, the line of its layer in the editor leads to the worst.
  await open.click()
  await open.waitFor({ state: 'detached' })
  await goTo('experiment')
  const lines = page.getByRole('list', { name: say('editor.layers') })
  await lines.getByText(say('window.layer.healthy'), { exact: true }).first().waitFor()
  expect(await findViolations(page)).toEqual([])
  await lines.getByRole('button', { name: worst }).click()
  await open.waitFor()
  expect(await open.innerText()).toContain(worst)
  expect(visitor.complaints).toEqual([])
})

test('what is found while training is spoken once, and counted where the run is not in sight', async () => {
  const visitor = await place.visit({ language: 'zh-CN' })
  const { page, say, goTo } = visitor
  const spoken = page
    .locator('[role="status"]')
    .filter({ hasText: say('window.severity.critical') })
    .waitFor({ state: 'attached', timeout: 120_000 })
  await explode(visitor)
  await spoken
  await goTo('data')
  await page.getByRole('button', { name: new RegExp(say('window.findings.go', { count: '\\d+' })) }).click()
  await page.getByRole('list', { name: say('window.findings'), exact: true }).waitFor()
})

test('histograms of a layer are drawn over the steps, and are a table for those who do not see them', async () => {
  await place.trainDigits('--set', 'training.epochs=1', '--set', 'telemetry=deep')
  const visitor = await place.visit()
  const { page, say, button } = visitor
  await openNewestRun(visitor)
  await page.getByRole('tab', { name: say('charts.view.layers') }).click()
  await button('charts.histogram.weights').click()
  const chart = page.getByRole('group', {
    name: say('charts.histogram.title.weights', { layer: 'dense_1' }),
    exact: true
  })
  await chart.getByText(say('charts.layers.title', { step: 50 }), { exact: true }).waitFor()
  expect(await findViolations(page)).toEqual([])
  await chart.getByRole('button', { name: say('window.table') }).click()
  await chart.getByRole('columnheader', { name: '0', exact: true }).waitFor()
})
