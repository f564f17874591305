import type { DatasetSummary } from '#contract/dataset'
import type { Experiment } from '#contract/experiment'
import type { ModelSummary } from '#contract/model'
import { answerOf, type Answer } from './answer'
import type { Call } from './link.svelte'

/** What is known of the data and the model of an experiment; the one that was examined last counts. */
export class Examination {
  readonly #call: Call
  #examined = ''
  #data = $state.raw<Answer<DatasetSummary>>({})
  #model = $state.raw<Answer<ModelSummary>>({})

  constructor(call: Call) {
    this.#call = call
  }

  get data(): Answer<DatasetSummary> {
    return this.#data
  }
  get model(): Answer<ModelSummary> {
    return this.#model
  }

  /** Forgets what was asked, because the connection is a new one. */
  forget(): void {
    this.#examined = ''
  }

  /** Asks for shapes and data, where they are not those that are known. */
  examine(experiment: Experiment): void {
    const examined = JSON.stringify([experiment.data.source, experiment.model])
    if (examined === this.#examined) return
    this.#examined = examined
    this.#data = {}
    this.#model = {}
    void answerOf(this.#call('data.describe', { source: experiment.data.source })).then((data) => {
      if (this.#examined === examined) this.#data = data
    })
    void answerOf(this.#call('model.describe', { experiment })).then((model) => {
      if (this.#examined === examined) this.#model = model
    })
  }
}
