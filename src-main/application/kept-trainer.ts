import type { TrainerEvent } from '#contract/trainer'
import type { Children, Explanation, Trainer } from './children'
import type { ChildExit } from './ports'

/** One process for one run after the other: starting one, and the engine in it, takes seconds. */
export interface KeptTrainer {
  /** The process between two runs, for questions. */
  idle(): Trainer
  /** A trainer for one run: to whoever has it, it looks as if it left when the run is over. */
  lease(): Trainer
  end(): void
}

/** How a process ends for whoever had it for one run, when that is over. */
const FREE: ChildExit = { code: 0, signal: null, lines: [] }
/** It is said of nothing: the run has told how it ended. */
const NOTHING_TO_EXPLAIN: Explanation = { message: { key: 'run.closing' }, kind: 'crash' }

/** No process runs at first; one that broke down, or in which a run did, is replaced by the next. */
export function keepTrainer(children: Children): KeptTrainer {
  let present: Trainer | undefined

  function idle(): Trainer {
    if (present) return present
    const started = children.startTrainer()
    void started.exited.then(() => {
      if (present === started) present = undefined
    })
    return (present = started)
  }

  function lease(): Trainer {
    const process = idle()
    const listeners = new Set<(event: TrainerEvent) => void>()
    let isOver = false
    let isSound = true
    let leave: (exit: ChildExit) => void = () => {}
    const exited = new Promise<ChildExit>((resolve) => (leave = resolve))
    const explained = exited.then((exit) => (exit === FREE ? NOTHING_TO_EXPLAIN : process.explained))
    const end = (exit: ChildExit): void => {
      isOver = true
      stop()
      leave(exit)
    }
    const stop = process.on((event) => {
      if (event.type === 'failed') isSound = false
      listeners.forEach((listener) => listener(event))
      if (event.type !== 'free') return
      if (!isSound) discard(process)
      end(FREE)
    })
    void process.exited.then(end)
    return {
      call: (name, input) =>
        process.call(
          name,
          name === 'train' ? ({ ...(input as object), stays: true } as typeof input) : input
        ),
      on(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      exited,
      explained,
      kill() {
        if (!isOver) discard(process)
      }
    }
  }

  function discard(process: Trainer): void {
    if (present === process) present = undefined
    process.kill()
  }

  return {
    idle,
    lease,
    end() {
      if (present) discard(present)
    }
  }
}
