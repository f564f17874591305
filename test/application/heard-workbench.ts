import type { WorkbenchEvent } from '#contract/events'
import { requests, type Requests } from '#contract/requests'
import { answer, type InputOf, type OutputOf } from '#contract/wire'
import type { Ports } from '../../src-main/application/ports'
import { createWorkbench, type Workbench } from '../../src-main/application/workbench'

/** A workbench as after a new start of the program, and all that it announces. */
export function openHeard(ports: Ports): { workbench: Workbench; events: WorkbenchEvent[] } {
  const workbench = createWorkbench(ports)
  const events: WorkbenchEvent[] = []
  workbench.on((event) => events.push(event))
  return { workbench, events }
}

/** How a shell asks the workbench that is open at the moment. */
export const askOf =
  (opened: () => Workbench) =>
  async <Name extends keyof Requests & string>(
    name: Name,
    input: InputOf<Requests, Name>
  ): Promise<OutputOf<Requests, Name>> =>
    (await answer(requests, opened().handlers, name, input)) as never
