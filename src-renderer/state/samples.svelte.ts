import type { SamplePage } from '#contract/look'
import type { Requests } from '#contract/requests'
import type { InputOf } from '#contract/wire'
import { answerOf, type Answer } from './answer'
import type { Call } from './link.svelte'

/** Samples that a window asks for. */
export type SampleQuestion = InputOf<Requests, 'data.samples'>

/** Samples of a source on display; what was asked last wins, whatever comes first. */
export class Samples {
  readonly #call: Call
  #asked = ''
  #page = $state.raw<Answer<SamplePage>>({})
  #busy = $state(false)

  constructor(call: Call) {
    this.#call = call
  }

  /** The samples, or why there are none; empty while none were asked for. */
  get page(): Answer<SamplePage> {
    return this.#page
  }
  /** Says whether other samples than those on display are on their way. */
  get busy(): boolean {
    return this.#busy
  }

  /** Shows other samples; those before stay until these are here. Nothing is asked twice. */
  show = async (question: SampleQuestion | undefined): Promise<void> => {
    const asked = question ? JSON.stringify(question) : ''
    if (asked === this.#asked) return
    this.#asked = asked
    this.#busy = question !== undefined
    const page = question ? await answerOf(this.#call('data.samples', question)) : {}
    if (this.#asked !== asked) return
    this.#page = page
    this.#busy = false
    // What failed may be asked again.
    if (page.error) this.#asked = ''
  }
}
