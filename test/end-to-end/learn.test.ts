import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Language } from '#contract/messages'
import { findViolations } from './accessibility'
import { useWorkplace } from './workplace'

const place = useWorkplace()

test.each(['en', 'zh-CN'] as const)(
  'the lesson is opened by a key, its numbers are read, and a network of it is trained where it is watched (%s)',
  async (language: Language) => {
    const { page, say, text, complaints } = await place.visit({ language })
    await page.keyboard.press('Control+6')
    await page.getByRole('heading', { name: say('learn.question') }).waitFor()
    expect(new URL(page.url()).hash).toContain('view=learn')
    expect(await findViolations(page)).toEqual([])

    const cells = page.locator('[role=gridcell]')
    expect(await cells.count()).toBe(100)
    const all = page.getByRole('region', { name: say('learn.all'), exact: true })
    expect(await all.locator('tbody tr').count()).toBe(100)
    await page
      .getByRole('group', { name: say('learn.axis.depth') })
      .getByText('5', { exact: true })
      .click()
    expect([await cells.count(), await all.locator('tbody tr').count()]).toEqual([20, 20])

    // A choice made by keys is drawn, and what is chosen can be trained.
    await cells.first().focus()
    await page.keyboard.press('ArrowDown')
    const name = await page.evaluate(() => document.activeElement?.getAttribute('aria-selected'))
    await page.keyboard.press('Enter')
    const after = await page.evaluate(() => document.activeElement?.getAttribute('aria-selected'))
    expect([name, after].toSorted()).toEqual(['false', 'true'])

    await all
      .getByRole('button', { name: new RegExp(`^${say('learn.run')}`) })
      .first()
      .click()
    await text('window.state.completed').waitFor({ timeout: 120_000 })
    const [run] = readdirSync(join(place.home.folder, 'runs'))
    const experiment = JSON.parse(
      readFileSync(join(place.home.folder, 'runs', run, 'experiment.json'), 'utf8')
    ) as {
      name: string
      seed: number
    }
    expect([experiment.name, experiment.seed]).toEqual(['activations: ReLU, Glorot, 5', 1])

    // Whoever comes back finds the lesson as it was left.
    await page.goBack()
    await page.getByRole('heading', { name: say('learn.question') }).waitFor()
    expect(await cells.count()).toBe(20)
    expect(complaints.filter((each) => !each.includes('axe'))).toEqual([])
  }
)
