import { Session } from '../../src-renderer/state/session.svelte'
import type { FakeWorkbench } from './fake-workbench'

/** Turns of the queue that suffice for everything that is on its way. */
const TURNS = 500

/** Lets everything that is on its way arrive; no time passes. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve()
}

/** A session over a workbench, for which no time passes and no frame is drawn; it has still to connect. */
export const sessionOver = (workbench: FakeWorkbench): Session =>
  new Session({
    open: () => Promise.resolve(workbench.wire().wire),
    wait: () => new Promise(() => {}),
    nextFrame: () => {},
    later: () => () => {}
  })
