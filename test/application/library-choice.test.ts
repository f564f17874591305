import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { access, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkbenchEvent } from '#contract/events'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'
import { createFakeWorld, experiment, settle, startedEvent, writeRun, type FakeWorld } from './fake-ports'

let world: FakeWorld
let workbench: Workbench
let events: WorkbenchEvent[]
let other: string

const open = (changed: Partial<FakeWorld> = {}): void => {
  workbench = createWorkbench({ ...world, ...changed })
  workbench.on((event) => events.push(event))
}
beforeEach(async () => {
  world = await createFakeWorld()
  events = []
  other = join(world.paths.library, '..', 'other', 'library')
  open()
})
afterEach(async () => {
  await workbench.close(0)
  await world.remove()
})

const use = (folder: string | null): Promise<{ library: string }> =>
  Promise.resolve(workbench.handlers['library.use']({ folder }))

describe('another library', () => {
  test('is in force at once: its runs, its draft and its experiments are those that are shown', async () => {
    await writeRun(join(world.paths.library, 'runs', 'before'), [startedEvent()])
    await workbench.handlers['draft.save']({ draft: { name: 'before' } })
    await writeRun(join(other, 'runs', 'after'), [startedEvent()])
    expect(await use(other)).toEqual({ library: other })
    const { handlers } = workbench
    expect([
      (await handlers['run.list']({})).map(({ id }) => id),
      await handlers['draft.read']({}),
      await handlers.describe({})
    ]).toMatchObject([['after'], { draft: null }, { library: other, librarySource: 'settings' }])
    const { run, folder } = await handlers['run.start']({ experiment })
    expect(folder).toBe(join(other, 'runs', run))
    expect(world.workerAsked.at(-1)).toMatchObject({ name: 'prepare', input: { library: other } })
  })

  test('is kept for the next start, beside the other settings, and announced', async () => {
    world.stored.settings = { theme: 'dark' }
    await use(other)
    expect(world.stored.settings).toEqual({ theme: 'dark', library: other })
    expect(events.map(({ type }) => type)).toEqual(['settings.changed', 'library.changed'])
    expect(events.at(-1)).toEqual({ type: 'library.changed', library: other })
  })

  test('leaves everything in the one before, which can be taken up again', async () => {
    await writeRun(join(world.paths.library, 'runs', 'before'), [startedEvent()])
    await use(other)
    expect(await use(null)).toEqual({ library: world.paths.library })
    expect((await workbench.handlers['run.list']({})).map(({ id }) => id)).toEqual(['before'])
    expect(world.stored.settings).toEqual({})
  })

  test('is made where it does not exist, and nothing is left of the trial', async () => {
    await use(`  ${other} `)
    expect(await readdir(other)).toEqual([])
  })

  test('is not taken while a run is at work', async () => {
    const { run } = await workbench.handlers['run.start']({ experiment })
    await expect(use(other)).rejects.toMatchObject({ key: 'library.inUse' })
    await expect(access(other)).rejects.toMatchObject({ code: 'ENOENT' })
    await workbench.handlers['run.stop']({ run })
    await settle()
    expect(await use(other)).toEqual({ library: other })
  })

  test('is refused where STEADYGRAD_HOME decides, and that is said', async () => {
    open({ libraryRule: { source: 'environment', system: '/system' } })
    await expect(use(other)).rejects.toMatchObject({
      key: 'library.decidedByEnvironment',
      values: { folder: world.paths.library }
    })
    expect(world.stored.settings).toEqual({})
  })

  test.each<[string, (folder: string) => Promise<string> | string, string]>([
    ['a path that starts nowhere', () => 'somewhere', 'library.notAbsolute'],
    ['spaces', () => '   ', 'library.notAbsolute'],
    [
      'a file',
      async (folder) => {
        await writeFile(join(folder, 'file'), '')
        return join(folder, 'file')
      },
      'library.notAFolder'
    ],
    [
      'a folder below a file',
      async (folder) => {
        await writeFile(join(folder, 'file'), '')
        return join(folder, 'file', 'below')
      },
      'storage.notWritable'
    ],
    [
      'a run',
      async (folder) => {
        await writeRun(join(folder, 'run'), [startedEvent()])
        return join(folder, 'run')
      },
      'library.isARun'
    ]
  ])('is not %s', async (_, make, key) => {
    const folder = join(world.paths.presets, 'x')
    await mkdir(folder)
    await expect(use(await make(folder))).rejects.toMatchObject({ key })
    expect([world.stored.settings, events]).toEqual([{}, []])
  })
})

test('why the library is not the one of the settings is told with the rest', async () => {
  const problem = { key: 'library.missing', values: { path: '/media/stick' } } as const
  open({ libraryRule: { source: 'system', system: world.paths.library, problem } })
  expect(await workbench.handlers.describe({})).toMatchObject({
    librarySource: 'system',
    libraryProblem: problem
  })
  await use(other)
  expect(await workbench.handlers.describe({})).not.toHaveProperty('libraryProblem')
})

test('a system’s dialog is opened where there is a desktop, and refused with a sentence elsewhere', async () => {
  await expect(workbench.handlers['desktop.choose']({ what: 'library' })).rejects.toMatchObject({
    key: 'request.desktopOnly'
  })
  const answers = ['/data/iris.csv', undefined]
  open({ desktop: { choose: async () => answers.shift() } })
  const { handlers } = workbench
  expect([
    await handlers['desktop.choose']({ what: 'data' }),
    await handlers['desktop.choose']({ what: 'data' })
  ]).toEqual([{ path: '/data/iris.csv' }, { path: null }])
})

test('a saved draft is announced with the window that saved it', async () => {
  await workbench.handlers['draft.save']({ draft: {}, window: 'left' })
  await workbench.handlers['draft.save']({ draft: {} })
  expect(events).toEqual([{ type: 'draft.saved', window: 'left' }, { type: 'draft.saved' }])
})
