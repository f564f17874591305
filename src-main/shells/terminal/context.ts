import type { WorkbenchEvent } from '#contract/events'
import { requests, type Requests } from '#contract/requests'
import { answer, type Client } from '#contract/wire'
import type { Workbench } from '../../application/workbench'
import type { Command } from './arguments'
import type { ExitCode } from './exit-codes'
import type { Output } from './output'
import type { World } from './world'

/** What a command works with. */
export interface Context {
  world: World
  output: Output
  /** Asks the workbench, by the same checks as any other shell. */
  call: Client<Requests, WorkbenchEvent>['call']
  on(listener: (event: WorkbenchEvent) => void): () => void
}

/** One command of the program. */
export type RunCommand = (command: Command, context: Context) => Promise<ExitCode>

/** The workbench's requests without a wire. */
export const callDirectly =
  (workbench: () => Workbench): Context['call'] =>
  async (name, input) =>
    (await answer(requests, workbench().handlers, name, input)) as never
