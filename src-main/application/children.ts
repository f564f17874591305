import { Failure } from '#contract/failure'
import type { Message } from '#contract/messages'
import type { TrainerEvent, TrainerRequests } from '#contract/trainer'
import { connect, type Client, type InputOf, type OutputOf, type RequestTable } from '#contract/wire'
import type { Report } from '#contract/work'
import type { WorkerEvent, WorkerRequests } from '#contract/worker'
import type { ChildExit, ChildPort, Ports } from './ports'

/** How many of a process's last lines go into the sentence about its end. */
const LAST_LINES = 3
/** The system's ways to end a program that does what it must not. */
const BROKEN = ['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT', 'SIGTRAP']

/** Why a process ended; `engine` where that was the engine's fault. */
export interface Explanation {
  message: Message
  kind: 'engine' | 'crash'
}

/** A process with its requests; a call that it does not survive fails with the reason of its end. */
export interface Child<Table extends RequestTable, Event> {
  call: Client<Table, Event>['call']
  on(listener: (event: Event) => void): () => void
  readonly exited: Promise<ChildExit>
  /** Settles after the end, with what is to be said of one that nobody asked for. */
  readonly explained: Promise<Explanation>
  kill(): void
}
export type Trainer = Child<TrainerRequests, TrainerEvent>

/** Who waits for something long: hears how far it has come, and says when it is not wanted any more. */
export interface Waiting {
  report: Report
  signal?: AbortSignal
}

/** The one worker process: started when it is first needed, and again after it broke down. */
export interface Worker {
  call<Name extends keyof WorkerRequests & string>(
    name: Name,
    input: InputOf<WorkerRequests, Name>,
    waiting?: Waiting
  ): Promise<OutputOf<WorkerRequests, Name>>
}

/** The processes of a workbench. */
export interface Children {
  worker: Worker
  startTrainer(): Trainer
  /** A worker besides the one for everything, for files that may keep it busy for ever. */
  startWorker(): Child<WorkerRequests, WorkerEvent>
  /** Ends all of them at once; none can be started afterwards. */
  kill(): void
}

/** Supervises the processes of a workbench, so that none outlives it. */
export function superviseChildren({ startChild, engine }: Ports): Children {
  const ports = new Set<ChildPort>()
  let closed = false
  let worker: Child<WorkerRequests, WorkerEvent> | undefined

  function start<Table extends RequestTable, Event>(
    which: 'trainer' | 'worker',
    explain: (exit: ChildExit) => Explanation | Promise<Explanation>
  ): Child<Table, Event> {
    if (closed) throw new Failure('run.closing')
    const port = startChild(which, which === 'trainer' ? engine.environment() : {})
    ports.add(port)
    void port.exited.then(() => ports.delete(port))
    const client = connect<Table, Event>(port.wire)
    const explained = port.exited.then(explain)
    return {
      call: async (name, input) => {
        try {
          return await client.call(name, input)
        } catch (error) {
          if (!(error instanceof Failure) || error.key !== 'wire.closed') throw error
          const { message, kind } = await explained
          throw new Failure(message.key, message.values, kind === 'engine' ? kind : 'input')
        }
      },
      on: client.on,
      exited: port.exited,
      explained,
      kill: () => port.kill()
    }
  }

  /** A library with changed bytes may end the process that loads it. */
  const explainTrainerExit = async (exit: ChildExit): Promise<Explanation> => {
    const damage = BROKEN.includes(exit.signal ?? '') ? await engine.findDamage() : undefined
    return damage ? { message: damage, kind: 'engine' } : crashOf(describeTrainerExit(exit))
  }

  const startWorker = (): Child<WorkerRequests, WorkerEvent> =>
    start('worker', (exit) => crashOf(describeWorkerExit(exit)))

  function runningWorker(): Child<WorkerRequests, WorkerEvent> {
    if (worker) return worker
    const started = startWorker()
    void started.exited.then(() => {
      if (worker === started) worker = undefined
    })
    return (worker = started)
  }

  return {
    worker: {
      async call(name, input, waiting) {
        const child = runningWorker()
        return askLong(child, waiting, (work) => child.call(name, { ...input, ...work } as typeof input))
      }
    },
    startTrainer: () => start<TrainerRequests, TrainerEvent>('trainer', explainTrainerExit),
    startWorker,
    kill() {
      closed = true
      for (const port of ports) port.kill()
    }
  }
}

/** What two kinds of processes have in common that tell of their work and can be told to leave it. */
interface Worked {
  on(listener: (event: TrainerEvent | WorkerEvent) => void): () => void
  call(name: 'cancel', input: { work: string }): Promise<null>
}
let lastWork = 0

/** Asks a process for something long under a name of its own, which `ask` puts into the request. */
export async function askLong<Result>(
  child: Worked,
  waiting: Waiting | undefined,
  ask: (named: { work?: string }) => Promise<Result>
): Promise<Result> {
  if (!waiting) return ask({})
  const { report, signal } = waiting
  const work = `work-${++lastWork}`
  const stop = child.on((event) => {
    if ('work' in event && event.work === work && !signal?.aborted) report(event.message, event.share)
  })
  // A process that is gone has left its work already.
  const callOff = (): void => void child.call('cancel', { work }).catch(() => undefined)
  signal?.addEventListener('abort', callOff)
  try {
    return await ask({ work })
  } finally {
    signal?.removeEventListener('abort', callOff)
    stop()
  }
}

const crashOf = (message: Message): Explanation => ({ message, kind: 'crash' })

/** The sentence about a trainer that ended without being asked to. */
function describeTrainerExit(exit: ChildExit): Message {
  const problem = nameExit(exit)
  const lines = lastLines(exit)
  // Nothing of ours sends this signal here; on Linux it is how the system takes memory back.
  if (exit.signal === 'SIGKILL') return { key: 'run.crashed.killed', values: { problem } }
  if (lines) return { key: 'run.crashed.saying', values: { problem, lines } }
  return { key: 'run.crashed', values: { problem } }
}

function describeWorkerExit(exit: ChildExit): Message {
  const lines = lastLines(exit)
  const values = { problem: nameExit(exit) }
  return lines
    ? { key: 'run.workerCrashed.saying', values: { ...values, lines } }
    : { key: 'run.workerCrashed', values }
}

const nameExit = ({ code, signal }: ChildExit): string => signal ?? `exit ${code ?? '?'}`

const lastLines = ({ lines }: ChildExit): string =>
  lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-LAST_LINES)
    .join(' ⏎ ')
