import type { DatasetSummary } from '#contract/dataset'
import type { Confusion, Deviations, Look } from '#contract/look'
import { randomFrom } from '#contract/random'
import type { Source } from '#contract/vocabulary'
import { answerOf, type Answer } from './answer'
import type { Call } from './link.svelte'
import { EMPTY, withValue, type InkStroke, type PlacedPicture, type PlacedSample, type Sheet } from './sheet'
import type { Task, Works } from './works.svelte'

/** The model is asked this often at most. */
const LOOK_INTERVAL_MS = 200
const SAMPLE_SEED = 1
/** So many changes of the sheet can be taken back. */
const MOST_UNDONE = 200

/** How a run does on its test part, by what its targets are, or why that is not known. */
export interface Evaluated {
  run?: string
  classes?: Confusion
  numbers?: Deviations
  error?: unknown
}

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
  #evaluated = $state.raw<Evaluated>({})
  #evaluation = $state.raw<{ run: string; task: Task<unknown> }>()
  /** The sample that is on its way to the sheet. */
  #wanted = $state.raw<{ run: string; offset: number; count: number }>()
  #problem = $state.raw<unknown>()

  #described = ''
  /** Shape of the samples that the sheet is for. */
  #shape = ''
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
  get evaluation(): Task<unknown> | undefined {
    return this.#evaluation?.task
  }
  /** Says whether a sample is on its way to the sheet. */
  get taking(): boolean {
    return this.#wanted !== undefined
  }
  /** Why no sample could be taken. */
  get problem(): unknown {
    return this.#problem
  }

  /** How a run does on its test part, as it was evaluated last; empty for every other run. */
  evaluatedOf(run: string): Evaluated {
    return run === this.#evaluated.run ? this.#evaluated : {}
  }

  draw = (stroke: InkStroke): void =>
    this.#turnTo({ ...this.#sheet, strokes: [...this.#sheet.strokes, stroke] })

  /** Puts a sample in the place of what is drawn. */
  place = (sample: PlacedSample): void => this.#turnTo({ sample, strokes: [] })

  /** Puts a picture of the user's in the place of what is drawn. */
  placePicture = (picture: PlacedPicture): void => this.#turnTo({ picture, strokes: [] })

  /** Types a value over that of a sample; what is typed into one field is one change. */
  type = (column: number, value: number): void => {
    const sheet = withValue(this.#sheet, column, value)
    if (sheet === this.#sheet) return
    if (this.#sheet.typed?.column === column) this.#sheet = sheet
    else this.#turnTo(sheet)
  }

  /** Gives up what was typed. */
  restore = (): void => {
    const { typed, sample } = this.#sheet
    if (typed && sample) this.#turnTo({ sample, strokes: [] })
  }

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
    // A sample of other data is none of these, and neither is what has another shape.
    const isSame = `${data.value?.featureShape}` === this.#shape
    if (data.value && (!isSame || this.#sheet.sample)) this.#empty()
    this.#shape = `${data.value?.featureShape}`
    this.#data = data
    if (data.error) this.#described = ''
  }

  /** Puts a sample on the sheet that a run is tested on: that at a place among `count` of them, or any. */
  async take(run: string, count: number, place?: number): Promise<void> {
    const data = this.#described
    const offset = place ?? Math.floor(this.#random() * count)
    const question = (this.#wanted = { run, offset, count: 1 })
    this.#problem = undefined
    const { value, error } = await answerOf(this.#call('run.samples', question))
    // Another one may have been wanted meanwhile, or a run with other data opened.
    if (this.#wanted !== question) return
    this.#wanted = undefined
    if (this.#described !== data) return
    this.#problem = error
    if (!value || value.indices.length === 0) return
    const { part, indices, targets, features } = value
    this.place({ part, index: indices[0], targets, features, tested: { run, place: offset } })
  }

  /** Says why something could not be put on the sheet. */
  refuse = (problem: unknown): void => {
    this.#problem = problem
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
  async evaluate(run: string, targets: 'classes' | 'numbers'): Promise<void> {
    const task =
      targets === 'classes'
        ? this.#works.start((work) => this.#call('run.confusion', { run, work }))
        : this.#works.start((work) => this.#call('run.deviations', { run, work }))
    this.#evaluation = { run, task }
    await task.over
    if (this.#evaluation.task !== task) return
    this.#evaluation = undefined
    if (task.cancelled) return
    this.#evaluated = task.value ? { run, [targets]: task.value } : { run, error: task.error }
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

  #empty(): void {
    this.#sheet = EMPTY
    this.#past = []
    this.#problem = undefined
  }

  #turnTo(sheet: Sheet): void {
    this.#past = [...this.#past.slice(1 - MOST_UNDONE), this.#sheet]
    this.#sheet = sheet
  }
}
