import type { DatasetSummary } from '#contract/dataset'
import type { Confusion, Look } from '#contract/look'
import { randomFrom } from '#contract/random'
import type { Source } from '#contract/vocabulary'
import { answerOf, type Answer } from './answer'
import type { Call } from './link.svelte'
import type { Task, Works } from './works.svelte'

/** The model is asked this often at most. */
const LOOK_INTERVAL_MS = 200
const SAMPLE_SEED = 1

/** One place of a stroke. All lengths are shares of the sheet's width. */
export interface InkPoint {
  x: number
  y: number
  radius: number
}
export type InkStroke = readonly InkPoint[]

/** A sample of the data that lies on the sheet. */
export interface PlacedSample {
  part: 'train' | 'test'
  /** Position in its part. */
  index: number
  target: number
  features: Float32Array
}

/** What is on the sheet: a sample, or none, and strokes over it in their order. */
export interface Sheet {
  sample?: PlacedSample
  strokes: readonly InkStroke[]
}
const EMPTY: Sheet = { strokes: [] }

/** Trying out the newest weights of a run: what is drawn, what the model makes of it, how it does on the test part. */
export class Trial {
  readonly #call: Call
  readonly #works: Works
  readonly #wait: (milliseconds: number) => Promise<void>
  readonly #random = randomFrom(SAMPLE_SEED)

  #sheet = $state.raw<Sheet>(EMPTY)
  #past = $state.raw<readonly Sheet[]>([])
  #look = $state.raw<Answer<Look>>({})
  #data = $state.raw<Answer<DatasetSummary>>({})
  #confusion = $state.raw<Answer<Confusion>>({})
  #confusionRun = $state<string>()
  #evaluation = $state.raw<{ run: string; task: Task<Confusion> }>()
  #taking = $state(false)
  #problem = $state.raw<unknown>()

  #described = ''
  #question: { run: string; features: Float32Array } | undefined
  #stale = false
  #asking = false

  /** `wait` resolves after so many milliseconds. */
  constructor(call: Call, works: Works, wait: (milliseconds: number) => Promise<void>) {
    this.#call = call
    this.#works = works
    this.#wait = wait
  }

  get sheet(): Sheet {
    return this.#sheet
  }
  get canUndo(): boolean {
    return this.#past.length > 0
  }
  /** What the model makes of the sheet; empty while there is nothing on it. */
  get look(): Answer<Look> {
    return this.#look
  }
  /** The data of the run. */
  get data(): Answer<DatasetSummary> {
    return this.#data
  }
  /** Run whose test part is being gone through. */
  get evaluating(): string | undefined {
    return this.#evaluation?.run
  }
  /** How far that is, with the way to call it off. */
  get evaluation(): Task<Confusion> | undefined {
    return this.#evaluation?.task
  }
  /** Says whether a sample is on its way to the sheet. */
  get taking(): boolean {
    return this.#taking
  }
  /** Why no sample could be taken. */
  get problem(): unknown {
    return this.#problem
  }

  /** How a run does on its test part, as it was evaluated last; empty for every other run. */
  confusionOf(run: string): Answer<Confusion> {
    return run === this.#confusionRun ? this.#confusion : {}
  }

  draw = (stroke: InkStroke): void =>
    this.#turnTo({ ...this.#sheet, strokes: [...this.#sheet.strokes, stroke] })

  /** Puts a sample in the place of what is drawn. */
  place = (sample: PlacedSample): void => this.#turnTo({ sample, strokes: [] })

  clear = (): void => {
    if (this.#sheet !== EMPTY) this.#turnTo(EMPTY)
  }

  /** Takes back the last stroke, sample or clearing. */
  undo = (): void => {
    const before = this.#past.at(-1)
    if (!before) return
    this.#past = this.#past.slice(0, -1)
    this.#sheet = before
  }

  /** Reads what is known of a source; asks once. */
  async describe(source: Source): Promise<void> {
    const described = JSON.stringify(source)
    if (described === this.#described) return
    this.#described = described
    this.#data = {}
    const data = await answerOf(this.#call('data.describe', { source }))
    if (this.#described !== described) return
    this.#data = data
    if (data.error) this.#described = ''
  }

  /** Puts a sample on the sheet: this one, or any of the part. */
  async take(source: Source, part: 'train' | 'test', count: number, index?: number): Promise<void> {
    this.#taking = true
    this.#problem = undefined
    const wanted = index ?? Math.floor(this.#random() * count)
    const { value, error } = await answerOf(
      this.#call('data.samples', { source, part, indices: [wanted], count: 1 })
    )
    this.#taking = false
    this.#problem = error
    if (value) this.place({ part, index: wanted, target: value.targets[0], features: value.features })
  }

  /** Says what to look at from now on; nothing without ink. A new question waits for the one under way. */
  show(run: string | undefined, features: Float32Array | undefined): void {
    if (run !== this.#question?.run || !features) this.#look = {}
    this.#question = run !== undefined && features ? { run, features } : undefined
    this.lookAgain()
  }

  /** Asks the newest weights once more about what is on the sheet. */
  lookAgain(): void {
    this.#stale = true
    if (!this.#asking) void this.#ask()
  }

  /** Goes through the test part of a run; what was known of it stays where that is called off. */
  async evaluate(run: string): Promise<void> {
    const task = this.#works.start((work) => this.#call('run.confusion', { run, work }))
    this.#evaluation = { run, task }
    await task.over
    if (this.#evaluation.task !== task) return
    this.#evaluation = undefined
    if (task.cancelled) return
    this.#confusionRun = run
    this.#confusion = task.value ? { value: task.value } : { error: task.error }
  }

  async #ask(): Promise<void> {
    this.#asking = true
    while (this.#stale && this.#question) {
      this.#stale = false
      const question = this.#question
      const look = await answerOf(this.#call('run.look', question))
      // The sheet may have been cleared, or another run opened, while the answer was on its way.
      if (this.#question?.run === question.run) this.#look = look
      await this.#wait(LOOK_INTERVAL_MS)
    }
    this.#asking = false
  }

  #turnTo(sheet: Sheet): void {
    this.#past = [...this.#past, this.#sheet]
    this.#sheet = sheet
  }
}
