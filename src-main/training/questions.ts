import type { ActiveEngine, EngineChoice } from '#contract/engine'
import type { LoadedModel } from './loaded-model'
import { readExperiment } from './run-log'
import { watchRun, type RunAtWork } from './run-at-work'
import type { OpenedModel } from './opened-model'
import { openStoredModels } from './stored-model'

/** A run and the prepared data of its experiment. */
export interface Where {
  folder: string
  dataset: string
}

/** What can be asked of the models of runs. */
export interface Questions {
  /** Asks a run's model at its newest checkpoint, and tells which engine answers. */
  askStored<Answer>(
    where: Where,
    question: (model: LoadedModel, engine: ActiveEngine) => Answer | Promise<Answer>
  ): Promise<Answer>
  /** Asks a run's model with its newest weights: between two steps while this process trains it, else as stored. */
  askNewest<Answer>(where: Where, question: (model: LoadedModel) => Answer | Promise<Answer>): Promise<Answer>
  /** Takes note of the run that this process trains from now on. */
  watch(folder: string, opened: OpenedModel): RunAtWork
  /** Settles when all that was asked of newest weights until now is answered. */
  answered(): Promise<void>
}

/** Opens a place for questions; `engineFor` starts what a stored run wants, or gives what there is. */
export function openQuestions(engineFor: (choice: EngineChoice) => Promise<ActiveEngine>): Questions {
  const storedModels = openStoredModels()
  const waiting = new Set<Promise<unknown>>()
  let atWork: RunAtWork | undefined

  const askStored: Questions['askStored'] = async ({ folder, dataset }, question) => {
    const engine = await engineFor((await readExperiment(folder)).engine.use)
    return storedModels.ask(folder, dataset, (model) => question(model, engine))
  }
  async function findAndAsk<Answer>(
    where: Where,
    question: (model: LoadedModel) => Answer | Promise<Answer>
  ): Promise<Answer> {
    const found = await atWork?.ask(where.folder, question)
    return found ? found.answer : askStored(where, question)
  }
  return {
    askStored,
    askNewest(where, question) {
      const answer = findAndAsk(where, question).finally(() => waiting.delete(answer))
      waiting.add(answer)
      return answer
    },
    watch: (folder, opened) => (atWork = watchRun(folder, opened)),
    async answered() {
      await Promise.allSettled(waiting)
    }
  }
}
