import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

/** What axe complains of on a page: the rule, and where it is broken. */
export async function findViolations(page: Page): Promise<{ id: string; where: string[] }[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await (window as never as { axe: Axe }).axe.run()
    return violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html.slice(0, 160)) }))
  })
}
