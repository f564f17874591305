import type { Experiment } from '#contract/experiment'
import type { AugmentedSamples, SamplePage } from '#contract/look'
import { answerOf, type Answer } from './answer'
import type { Call } from './link.svelte'

/** Which training samples are shown augmented, and in how many epochs. */
export interface AugmentedQuestion {
  experiment: Experiment
  class?: number
  offset: number
  count: number
  variants: number
}

/** Training samples as they are, and what the first epochs make of each. */
export interface AugmentedPage {
  originals: SamplePage
  augmented: AugmentedSamples
  variants: number
}

/** Training samples beside what augmentation makes of them; what was asked last wins, whatever comes first. */
export class Augmented {
  readonly #call: Call
  #asked = ''
  #page = $state.raw<Answer<AugmentedPage>>({})
  #busy = $state(false)

  constructor(call: Call) {
    this.#call = call
  }

  /** The samples, or why there are none; empty while none were asked for. */
  get page(): Answer<AugmentedPage> {
    return this.#page
  }
  /** Says whether others than those on display are on their way. */
  get busy(): boolean {
    return this.#busy
  }

  /** Shows other samples, or the same ones augmented in another way; nothing is asked twice. */
  show = async (question: AugmentedQuestion): Promise<void> => {
    const { seed, data } = question.experiment
    const asked = JSON.stringify({ ...question, experiment: [seed, data.source, data.augment] })
    if (asked === this.#asked) return
    this.#asked = asked
    this.#busy = true
    const page = await answerOf(this.#ask(question))
    if (this.#asked !== asked) return
    this.#page = page
    this.#busy = false
    // What failed may be asked again.
    if (page.error) this.#asked = ''
  }

  async #ask({ experiment, variants, ...which }: AugmentedQuestion): Promise<AugmentedPage> {
    const { source } = experiment.data
    const originals = await this.#call('data.samples', { source, part: 'train', ...which })
    const { indices } = originals
    const augmented =
      indices.length > 0
        ? await this.#call('data.augmentation', { experiment, indices, variants })
        : { indices, features: new Float32Array(0), targets: new Float32Array(0) }
    return { originals, augmented, variants }
  }
}
