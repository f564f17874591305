import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WorkbenchEvent } from '#contract/events'
import { requests } from '#contract/requests'
import type { Settings } from '#contract/settings'
import { answer } from '#contract/wire'
import { createWorkbench } from '../../src-main/application/workbench'
import { createFakeWorld, type FakeWorld } from './fake-ports'

const defaults: Settings = {
  language: 'system',
  theme: 'system',
  engine: 'auto',
  telemetry: 'normal',
  gpu: 0,
  gpuMemory: 0,
  shortcuts: true
}
let world: FakeWorld
let events: WorkbenchEvent[]
beforeEach(async () => {
  world = await createFakeWorld()
  events = []
})
afterEach(() => world.remove())

/** Asks a workbench that was just started. */
const ask = (name: 'settings.read' | 'settings.change', input: unknown): Promise<unknown> => {
  const workbench = createWorkbench(world)
  workbench.on((event) => events.push(event))
  return answer(requests, workbench.handlers, name, input)
}

test('everything has its default where nothing was set', async () => {
  expect(await ask('settings.read', {})).toEqual(defaults)
})

test('a change of one setting is announced, kept, and leaves the others alone', async () => {
  await ask('settings.change', { language: 'zh-CN' })
  const both = { ...defaults, language: 'zh-CN', theme: 'dark' }
  expect(await ask('settings.change', { theme: 'dark' })).toEqual(both)
  expect(await ask('settings.read', {})).toEqual(both)
  expect(world.stored.settings).toEqual({ language: 'zh-CN', theme: 'dark' })
  expect(events).toEqual([
    { type: 'settings.changed', settings: { ...defaults, language: 'zh-CN' } },
    { type: 'settings.changed', settings: both }
  ])
})

test('changes made at once are all kept', async () => {
  const { handlers } = createWorkbench(world)
  await Promise.all([
    handlers['settings.change']({ theme: 'light' }),
    handlers['settings.change']({ shortcuts: false }),
    handlers['settings.change']({ telemetry: 'off' })
  ])
  expect(world.stored.settings).toEqual({ theme: 'light', shortcuts: false, telemetry: 'off' })
})

test('a stored value that is no setting costs that setting alone, and words of another version are kept', async () => {
  world.stored.settings = { theme: 'neon', language: 'en', window: { width: 1024 } }
  expect(await ask('settings.read', {})).toEqual({ ...defaults, language: 'en' })
  await ask('settings.change', { shortcuts: false })
  expect(world.stored.settings).toMatchObject({ language: 'en', shortcuts: false, window: { width: 1024 } })
})

test.each([[{ theme: 'neon' }], [{ shortcuts: 'yes' }], [{ engine: 'abacus' }]])(
  '%j is refused and nothing is changed',
  async (changed) => {
    await expect(ask('settings.change', changed)).rejects.toMatchObject({ key: 'request.invalid' })
    expect([world.stored.settings, events]).toEqual([{}, []])
  }
)

test('a change that cannot be kept is not announced', async () => {
  world.settings.write = () => {
    throw new Error('no space')
  }
  await expect(ask('settings.change', { theme: 'dark' })).rejects.toThrow('no space')
  expect([await ask('settings.read', {}), events]).toEqual([defaults, []])
})
