import { resolve } from 'node:path'
import { modelOf, type LoadedModel } from './loaded-model'
import type { OpenedModel } from './opened-model'
import type { Session } from './session'

/** The run that this process trains, for those who have a question about its model. */
export interface RunAtWork {
  /** Takes note of the session: open, or not any more. */
  hold(session: Session | undefined): void
  /**
   * Puts a question to the model of the run in this folder, as soon as there is one. Undefined for any other folder,
   * and when the run is over. The question is asked between two steps: what it reads before it waits fits together.
   */
  ask<Answer>(
    folder: string,
    question: (model: LoadedModel) => Answer
  ): Promise<{ answer: Answer } | undefined>
}

/** Watches a run of this folder from before its session is open. */
export function watchRun(folder: string, opened: OpenedModel): RunAtWork {
  let session: Session | undefined
  let tell: () => void = () => {}
  const told = new Promise<void>((resolved) => (tell = resolved))
  return {
    hold(current) {
      session = current
      tell()
    },
    async ask(asked, question) {
      if (resolve(asked) !== resolve(folder)) return undefined
      await told
      return session && { answer: question(modelOf(opened, session)) }
    }
  }
}
