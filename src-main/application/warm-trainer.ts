import type { Children, Trainer } from './children'
import type { Clock } from './ports'

/** A trainer that nobody asks anything leaves after this time: it holds memory, on a GPU most of it. */
const IDLE_MS = 60_000

/** A trainer that stays for the next question about the same model, because starting one takes seconds. */
export interface WarmTrainer<About> {
  /** Asks the trainer that is kept for `key`, or a new one, which then takes the place of the one before. */
  ask<Result>(
    key: string,
    prepare: () => Promise<About>,
    task: (trainer: Trainer, about: About) => Promise<Result>
  ): Promise<Result>
  /** Lets it answer what it was asked, and ends it; settles when it is gone. */
  end(): Promise<void>
}

interface Session<About> {
  key: string
  trainer: Trainer
  about: Promise<About>
  /** Questions under way. */
  asked: number
  isOver: boolean
  callOff(): void
}

/** No trainer is kept at first. */
export function createWarmTrainer<About>(children: Children, clock: Clock): WarmTrainer<About> {
  let current: Session<About> | undefined

  function start(key: string, prepare: () => Promise<About>): Session<About> {
    const trainer = children.startTrainer()
    const session = { key, trainer, about: prepare(), asked: 0, isOver: false, callOff: () => {} }
    void trainer.exited.then(() => retire(session))
    return session
  }
  function retire(session: Session<About>): void {
    if (current === session) current = undefined
    session.isOver = true
    rest(session)
  }
  function rest(session: Session<About>): void {
    session.callOff()
    if (session.asked > 0) return
    if (session.isOver) session.trainer.kill()
    else session.callOff = clock.after(IDLE_MS, () => retire(session))
  }

  return {
    async ask(key, prepare, task) {
      if (current && current.key !== key) retire(current)
      const session = (current ??= start(key, prepare))
      session.callOff()
      session.asked++
      try {
        const about = await session.about.catch((error: unknown) => {
          retire(session)
          throw error
        })
        return await task(session.trainer, about)
      } finally {
        session.asked--
        rest(session)
      }
    },
    async end() {
      const session = current
      if (!session) return
      retire(session)
      await session.trainer.exited
    }
  }
}
