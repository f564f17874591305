import type { DatasetSummary } from '#contract/dataset'
import { layerNames } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { LayerSummary, ModelSummary } from '#contract/model'
import { layer as layerSchema, source as sourceSchema } from '#contract/vocabulary'
import type { Answer } from './answer'
import type { Sketch, Word } from './content'
import type { Call } from './link.svelte'

/** What a model turned out to be: all of it, or as far as its layers fit together. */
interface Found {
  layers: readonly Word[]
  shapes: readonly LayerSummary[]
  /** Only where every layer fits. */
  summary?: ModelSummary
  /** Why a layer does not fit, or why nothing could be told. */
  failure?: unknown
}

/** Asks what the data and the layers of a sketch are, as far as they can be computed, and keeps the newest answer. */
export class ModelLook {
  readonly #call: Call
  #data = $state.raw<Answer<DatasetSummary>>({})
  #found = $state.raw<Found>()
  #askedData = ''
  #askedModel = ''
  /** The layers that were asked about last. */
  #layers: readonly Word[] = []
  #asking = false

  constructor(call: Call) {
    this.#call = call
  }

  get data(): Answer<DatasetSummary> {
    return this.#data
  }
  get found(): Found | undefined {
    return this.#found
  }

  /** Forgets what was asked, because the connection is a new one. */
  forget(): void {
    this.#askedData = ''
    this.#askedModel = ''
  }

  /** Asks about a sketch what is not known yet. */
  async ask(sketch: Sketch): Promise<void> {
    const source = sourceSchema.safeParse(sketch.data.source)
    if (!source.success) return
    await Promise.all([this.#askData(source.data), this.#askModel(source.data, sketch.model.layers)])
  }

  async #askData(source: DatasetSummary['source']): Promise<void> {
    const asked = JSON.stringify(source)
    if (asked === this.#askedData) return
    this.#askedData = asked
    this.#data = {}
    const answer = await this.#call('data.describe', { source }).then(
      (value) => ({ value }),
      (error: unknown) => ({ error })
    )
    if (this.#askedData === asked) this.#data = answer
  }

  async #askModel(source: DatasetSummary['source'], all: readonly Word[]): Promise<void> {
    const wrong = all.findIndex((layer) => !layerSchema.safeParse(layer).success)
    const layers = wrong === -1 ? all : all.slice(0, wrong)
    const asked = JSON.stringify([source, all])
    this.#layers = all
    if (asked === this.#askedModel) {
      // The same in another list: what is known holds for it too.
      if (this.#found && !this.#asking) this.#found = { ...this.#found, layers: all }
      return
    }
    this.#askedModel = asked
    this.#asking = true
    const { shapes, summary, failure } = await this.#describe(source, layers)
    if (this.#askedModel !== asked) return
    this.#asking = false
    this.#found = { layers: this.#layers, shapes, failure, ...(wrong === -1 && { summary }) }
  }

  /** The longest run of layers that fit together, with the reason where it is not all of them. */
  async #describe(source: DatasetSummary['source'], layers: readonly Word[]): Promise<Omit<Found, 'layers'>> {
    if (layers.length === 0) return { shapes: [] }
    try {
      const summary = await this.#call('model.describe', { experiment: frame(source, layers) })
      return { shapes: summary.layers, summary }
    } catch (failure) {
      const place = failure instanceof Failure ? layerOf(failure, layers) : undefined
      const before = place ? await this.#describe(source, layers.slice(0, place)) : { shapes: [] }
      return { shapes: before.shapes, failure }
    }
  }
}

/**
 * The layer that a failure of the model names, by its place; one inside a residual counts as that. Undefined where it
 * names none of these.
 */
export function layerOf({ values }: Failure, layers: readonly Word[]): number | undefined {
  const [name] = String(values.layer).split('/')
  const place = layerNames(layers as { use: string; name?: string }[]).indexOf(name)
  return place === -1 ? undefined : place
}

/** The smallest experiment around some layers, so that a slip elsewhere does not hide their shapes. */
const frame = (source: unknown, layers: readonly Word[]): unknown => ({
  version: 1,
  data: { source },
  model: { layers },
  loss: { use: 'softmaxCrossEntropy' },
  gradients: [{ use: 'sgd', rate: 0.1 }],
  training: { batchSize: 1, epochs: 1 }
})
