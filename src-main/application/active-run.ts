import type { WorkbenchEvent } from '#contract/events'
import type { RunLabel } from '#contract/library'
import type { Message } from '#contract/messages'
import type { RunEvent, RunListing, RunProgress } from '#contract/run'
import type { TrainerEvent, TrainerRequests } from '#contract/trainer'
import type { InputOf } from '#contract/wire'
import type { Trainer } from './children'
import { measuringOf, scoresOf, stateAfter } from './history'
import type { Clock } from './ports'

/** A trainer that does not answer a wish to stop within this time is ended. */
const STOP_PATIENCE_MS = 10_000
/** A trainer whose run is over has this long to leave by itself. */
const LEAVE_PATIENCE_MS = 3_000

/** A run with a trainer at work on it, or leaving. */
export interface ActiveRun {
  readonly listing: RunListing
  readonly progress: RunProgress
  /** The trainer has said how the run ended, or it broke off. */
  readonly isOver: boolean
  /** Why it broke off, if it did. */
  readonly failure: Message | undefined
  readonly trainer: Trainer
  /** What the trainer was given to train on; known once it has begun. */
  readonly dataset: string | undefined
  /** Settles when the trainer is gone. */
  readonly left: Promise<void>
  /** From now on its listing bears this label. */
  label(changed: RunLabel): void
  /** Gives the trainer its task; what fails until it answers is for the caller, and nothing is announced of it. */
  begin(task: InputOf<TrainerRequests, 'train'>): Promise<void>
  /** Writes a checkpoint and ends the run; a trainer that does not answer is ended, which `run.failed` tells. */
  stop(): Promise<void>
  /** Interrupts the run with a checkpoint, and ends its trainer after `patience` ms at the latest. */
  interrupt(patience: number): Promise<void>
}

/** Where a run stands before its trainer has told anything. */
export const preparing = (step = 0, activity?: Message): RunProgress => ({
  state: 'preparing',
  step,
  steps: step,
  epoch: 0,
  stepsPerSecond: 0,
  memory: 0,
  ...(activity && { activity })
})

/** Relays what a trainer tells of its run, and tells what the trainer cannot: that it broke down. */
export function superviseRun(
  stored: RunListing,
  trainer: Trainer,
  clock: Clock,
  announce: (event: WorkbenchEvent) => void
): ActiveRun {
  const run = stored.id
  let listing: RunListing = { ...stored, state: 'preparing' }
  let progress = preparing(stored.steps)
  let hasBegun = false
  let dataset: string | undefined
  let isOver = false
  let failure: Message | undefined

  const list = (changed: Partial<RunListing>): void => {
    listing = { ...listing, ...changed }
    announce({ type: 'run.listed', listing })
  }
  const end = (state: RunListing['state'], changed: Partial<RunListing> = {}): void => {
    isOver = true
    progress = { ...progress, state, stepsPerSecond: 0, secondsLeft: undefined }
    list({ state, ...changed })
    const callOff = clock.after(LEAVE_PATIENCE_MS, () => trainer.kill())
    void trainer.exited.then(callOff)
  }
  const fail = (message: Message, kind: 'input' | 'engine' | 'bug' | 'crash', stack?: string): void => {
    if (isOver) return
    failure = message
    announce({ type: 'run.failed', run, message, kind, ...(stack !== undefined && { stack }) })
    end('failed')
  }
  const giveUp = (): void => {
    fail({ key: 'run.stopIgnored' }, 'crash')
    trainer.kill()
  }

  function note(event: RunEvent): void {
    announce({ type: 'run.event', run, event })
    if (event.type === 'started') list({ state: 'running', engine: event.engine.name })
    if (event.type === 'epoch') list({ steps: event.step, scores: event.scores })
    if (event.type === 'paused' || event.type === 'resumed')
      list({ state: event.type === 'paused' ? 'paused' : 'running', steps: event.step })
    if (event.type === 'ended')
      end(stateAfter(event.summary.stopped), {
        steps: event.step,
        scores: scoresOf([event]),
        measuring: measuringOf([event])
      })
  }

  const stopListening = trainer.on((event: TrainerEvent) => {
    if (event.type === 'event') note(event.event)
    else if (event.type === 'steps') announce({ type: 'run.steps', run, batch: event.batch })
    else if (event.type === 'measures') announce({ type: 'run.measures', run, batch: event.batch })
    else if (event.type === 'failed') fail(event.message, event.kind, event.stack)
    else if (event.type === 'progress') {
      if (!isOver) progress = event.progress
      announce({ type: 'run.progress', run, progress: event.progress })
    }
  })
  const left = trainer.explained.then(({ message, kind }) => {
    if (hasBegun) fail(message, kind)
  })

  return {
    get listing() {
      return listing
    },
    get progress() {
      return progress
    },
    get isOver() {
      return isOver
    },
    get failure() {
      return failure
    },
    get dataset() {
      return dataset
    },
    trainer,
    left,
    label(changed) {
      const { note, name, ...others } = { ...listing, ...changed }
      listing = { ...others, name, ...(note && { note }) }
    },
    async begin(task) {
      try {
        await trainer.call('train', task)
        hasBegun = true
        dataset = task.dataset
        announce({ type: 'run.listed', listing })
      } catch (error) {
        isOver = true
        stopListening()
        trainer.kill()
        throw error
      }
    },
    async stop() {
      const callOff = clock.after(STOP_PATIENCE_MS, giveUp)
      try {
        await trainer.call('stop', { interrupted: false })
      } catch (error) {
        // A trainer that broke down on the way: `run.failed` has told of it, and the run is over as wished.
        if (!isOver) throw error
      } finally {
        callOff()
      }
    },
    async interrupt(patience) {
      if (patience === 0) giveUp()
      const callOff = clock.after(patience, giveUp)
      // What goes wrong here is told by `run.failed`, at the latest when the patience ends.
      if (!isOver) void trainer.call('stop', { interrupted: true }).catch(() => undefined)
      await left
      callOff()
    }
  }
}
