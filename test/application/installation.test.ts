import { afterEach, expect, test } from 'vitest'
import type { InstallProgress } from '#contract/engine'
import type { WorkbenchEvent } from '#contract/events'
import { Failure } from '#contract/failure'
import { createWorkbench } from '../../src-main/application/workbench'
import type { EnginePort } from '../../src-main/application/ports'
import { createFakeWorld, engineStatus, type FakeWorld } from './fake-ports'

let world: FakeWorld
afterEach(() => world.remove())

/** An installation that goes on until it is let finish or cancelled. */
function slowInstall(): { install: EnginePort['install']; calls: (string | undefined)[]; finish(): void } {
  let finish = (): void => {}
  const calls: (string | undefined)[] = []
  return {
    calls,
    finish: () => finish(),
    install: ({ from, signal, report }) => {
      calls.push(from)
      report(progress)
      return new Promise((resolve, reject) => {
        finish = () => resolve({ ...engineStatus, installed: true })
        signal.addEventListener('abort', () => reject(new Failure('engine.cancelled', {}, 'engine')))
      })
    }
  }
}
const progress: InstallProgress = { stage: 'check', message: { key: 'engine.install.checking' } }

test('an installation announces its progress, and a second wish joins it', async () => {
  const slow = slowInstall()
  world = await createFakeWorld({ install: slow.install })
  const { handlers, on } = createWorkbench(world)
  const events: WorkbenchEvent[] = []
  on((event) => events.push(event))
  const first = handlers['engine.install']({ from: '/wheel' })
  const second = handlers['engine.install']({})
  slow.finish()
  expect(await Promise.all([first, second])).toMatchObject([{ installed: true }, { installed: true }])
  expect(slow.calls).toEqual(['/wheel'])
  expect(events).toEqual([{ type: 'engine.progress', progress }])
})

test.each(['engine.cancel', 'close'])(
  '%s calls an installation off and waits until it is taken back',
  async (by) => {
    const slow = slowInstall()
    world = await createFakeWorld({ install: slow.install })
    const workbench = createWorkbench(world)
    const installed = expect(workbench.handlers['engine.install']({})).rejects.toMatchObject({
      key: 'engine.cancelled'
    })
    await (by === 'close' ? workbench.close() : workbench.handlers['engine.cancel']({}))
    await installed
  }
)

test('after one that was called off another can begin', async () => {
  const slow = slowInstall()
  world = await createFakeWorld({ install: slow.install })
  const { handlers } = createWorkbench(world)
  const first = expect(handlers['engine.install']({})).rejects.toBeInstanceOf(Failure)
  await handlers['engine.cancel']({})
  await first
  const second = handlers['engine.install']({})
  slow.finish()
  expect(await second).toMatchObject({ installed: true })
})

test('cancelling when nothing is installed does nothing', async () => {
  world = await createFakeWorld()
  expect(await createWorkbench(world).handlers['engine.cancel']({})).toBeNull()
})
