import type { DatasetSummary } from '#contract/dataset'
import type { MeasureWindow } from '#contract/measures'
import type { WorkbenchEvent } from '#contract/events'
import { layerNames, parseExperiment, type Experiment, type ExperimentInput } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { ModelSummary } from '#contract/model'
import { randomFrom } from '#contract/random'
import type { Preset, Requests } from '#contract/requests'
import { isActive, type RunEvent, type RunProgress, type RunState } from '#contract/run'
import { columnOf, layerColumnOf, rowWidth, StepFlag, type StepWindow } from '#contract/step-rows'
import { requests } from '#contract/requests'
import { settings, type Settings } from '#contract/settings'
import { connect, serve, type Client, type Handlers, type Wire } from '#contract/wire'
import { replaceAt } from '../../src-renderer/state/path'
import { replayWith } from '../fixtures/replay'
import { fakeConfusion, fakeDeviations, fakeLook, fakeSamples } from './fake-digits'
import { fakeStudies } from './fake-studies'

const TIME = Date.UTC(2026, 0, 5, 9, 30)
const STEPS_PER_EPOCH = 422

const cnn: ExperimentInput = {
  version: 1,
  name: 'digits',
  data: { source: { use: 'mnist' }, prepare: [{ use: 'scale', by: 1 / 255 }], split: { validation: 0.1 } },
  model: {
    layers: [
      { use: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu', initializer: { use: 'heNormal' } },
      { use: 'maxPooling2d', size: 2 },
      { use: 'flatten' },
      { use: 'dense', units: 128, activation: 'relu' },
      { use: 'dropout', rate: 0.5 },
      { use: 'dense', units: 10 }
    ]
  },
  loss: { use: 'softmaxCrossEntropy' },
  gradients: [
    { use: 'clipByGlobalNorm', max: 1 },
    { use: 'adam', rate: 0.001 }
  ],
  training: { batchSize: 128, epochs: 2 }
}
const deep: ExperimentInput = {
  ...cnn,
  name: 'deep sigmoid',
  model: {
    layers: [
      { use: 'flatten' },
      ...Array.from({ length: 11 }, () => ({ use: 'dense', units: 64, activation: 'sigmoid' }) as const),
      { use: 'dense', units: 10 }
    ]
  },
  gradients: [{ use: 'sgd', rate: 0.1 }],
  guard: { nonFinite: 'skip' }
}

export const presets: Preset[] = [
  { id: 'mnist-cnn', experiment: parseExperiment(cnn) },
  { id: 'deep-sigmoid', experiment: parseExperiment(deep) }
]

const isTrainable = (use: string): boolean => use === 'dense' || use === 'conv2d'

/** Shapes as a real workbench would tell them, near enough for a window. */
export function summarize({ model }: Experiment): ModelSummary {
  const names = layerNames(model.layers)
  let shape = [28, 28, 1]
  const layers = model.layers.map((layer, index) => {
    const inputs = shape.reduce((product, size) => product * size, 1)
    let parameters = 0
    if (layer.use === 'conv2d') {
      shape = [26, 26, layer.filters]
      parameters = 10 * layer.filters
    } else if (layer.use === 'maxPooling2d') shape = [13, 13, shape[2]]
    else if (layer.use === 'flatten') shape = [inputs]
    else if (layer.use === 'dense') {
      shape = [layer.units]
      parameters = (inputs + 1) * layer.units
    }
    return {
      name: names[index],
      use: layer.use,
      outputShape: shape,
      parameters,
      multiplyAdds: parameters * (layer.use === 'conv2d' ? 676 : 1),
      trainable: isTrainable(layer.use)
    }
  })
  const sum = (key: 'parameters' | 'multiplyAdds'): number =>
    layers.reduce((total, layer) => total + layer[key], 0)
  return { inputShape: [28, 28, 1], layers, parameters: sum('parameters'), multiplyAdds: sum('multiplyAdds') }
}

/** The measurements from a number on. */
function batchFrom(rows: readonly Float32Array[], first: number): MeasureWindow {
  const wanted = rows.slice(first - 1)
  const width = rows.at(0)?.length ?? 0
  const values = new Float32Array(wanted.length * width)
  wanted.forEach((row, index) => values.set(row, index * width))
  return { first, count: wanted.length, width, values, last: rows.length }
}

class FakeRun {
  readonly events: RunEvent[] = []
  name: string
  note: string | undefined
  readonly rows: Float32Array[] = []
  readonly measurements: Float32Array[] = []
  readonly layers: string[]
  readonly width: number
  state: RunState = 'preparing'
  current: Experiment
  random = randomFrom(7)

  constructor(
    readonly id: string,
    readonly experiment: Experiment,
    readonly created: number
  ) {
    this.current = experiment
    this.name = experiment.name
    this.layers = layerNames(experiment.model.layers).filter((_, index) =>
      isTrainable(experiment.model.layers[index].use)
    )
    this.width = rowWidth(this.layers.length)
  }

  get steps(): number {
    return this.current.training.steps ?? (this.current.training.epochs ?? 1) * STEPS_PER_EPOCH
  }

  progress(): RunProgress {
    const step = this.rows.length
    const stepsPerSecond = this.state === 'running' ? 118.4 : 0
    return {
      state: this.state,
      step,
      steps: this.steps,
      epoch: step / STEPS_PER_EPOCH,
      stepsPerSecond,
      ...(stepsPerSecond > 0 && { secondsLeft: (this.steps - step) / stepsPerSecond }),
      memory: 612e6
    }
  }

  /** One step: a falling loss, norms that shrink towards the first layer where the activation is a sigmoid. */
  row(): Float32Array {
    const step = this.rows.length + 1
    const { random, width, layers } = this
    const row = new Float32Array(width)
    const noise = (): number => Math.exp((random() - 0.5) * 0.9)
    const sigmoid = layers.length > 6
    const clip = this.current.gradients.find((each) => each.use === 'clipByGlobalNorm')
    const loss = (sigmoid ? 2.29 : 2.2 * Math.exp(-step / 120) + 0.09) * Math.exp((random() - 0.5) * 0.4)
    const norms = layers.map((_, layer) =>
      sigmoid ? 10 ** (layer - layers.length + 0.5) * noise() : (0.35 + loss * (0.4 + 0.3 * layer)) * noise()
    )
    const spike = step % 310 === 309
    if (spike) norms[layers.length - 1] *= 40
    if (sigmoid && step % 150 === 149) norms[layers.length - 1] = NaN
    if (sigmoid && step > 200 && step < 260) norms[0] = 0
    const total = Math.sqrt(norms.reduce((sum, norm) => sum + norm * norm, 0))
    const factor = clip && total > clip.max ? clip.max / total : 1
    const bad = Number.isNaN(total)
    row[columnOf('loss')] = loss * (spike ? 3 : 1)
    row[columnOf('mae')] = NaN
    row[columnOf('accuracy')] = sigmoid ? 0.11 : Math.min(1, Math.round((1 - loss * 0.33) * 128) / 128)
    row[columnOf('epoch')] = step / STEPS_PER_EPOCH
    row[columnOf('rate')] = 0.001
    row[columnOf('threshold')] = clip?.max ?? NaN
    row[columnOf('gradientBefore')] = total
    row[columnOf('gradientAfter')] = total * factor
    row[columnOf('flags')] =
      (factor < 1 ? StepFlag.clipped : 0) | (bad ? StepFlag.nonFinite | StepFlag.refused : 0)
    norms.forEach((norm, layer) => {
      row[layerColumnOf(layer, 'gradientBefore')] = norm
      row[layerColumnOf(layer, 'gradientAfter')] = norm * factor
      row[layerColumnOf(layer, 'update')] = norm * 1e-3
      row[layerColumnOf(layer, 'weight')] = 4
      row[layerColumnOf(layer, 'flags')] = Number.isNaN(norm) ? StepFlag.nonFinite : 0
    })
    return row
  }
}

/** A workbench that trains nothing and says everything a real one would; time passes only by `advance`. */
export class FakeWorkbench {
  readonly runs = new Map<string, FakeRun>()
  readonly calls: { name: string; input: unknown }[] = []
  announce: (event: WorkbenchEvent) => void = () => {}
  engineInstalled = true
  /** Runs that were deleted. */
  readonly trash = new Map<string, FakeRun>()
  /** Experiments kept in the library. */
  readonly kept = new Map<string, { experiment: Experiment; changed: number }>()
  draft: unknown = null
  library = '/home/user/steadygrad'
  settings: Settings = settings.parse({})
  #now = TIME

  handlers: Handlers<Requests> = this.#watch({
    describe: () => ({
      version: '0.1.0',
      shell: 'browser',
      library: this.library,
      librarySource: 'system',
      engine: this.engine(),
      presets
    }),
    'engine.status': () => this.engine(),
    'engine.install': () => {
      this.engineInstalled = true
      return this.engine()
    },
    'engine.cancel': () => null,
    'engine.remove': () => {
      this.engineInstalled = false
      return null
    },
    'data.describe': ({ source }) => ({
      name: 'mnist',
      source,
      featureShape: [28, 28, 1],
      featureType: 'uint8',
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      range: [0, 255],
      counts: { train: 60000, test: 10000 },
      findings: []
    }),
    'data.plan': () => ({
      samples: { train: 54000, validation: 6000, test: 10000 },
      cleaned: [],
      preparation: { version: 1, sampleShape: [28, 28, 1], shape: [28, 28, 1], features: [], cleaned: [] }
    }),
    'data.augmentation': ({ indices, variants }) => ({
      indices,
      features: new Float32Array(indices.length * variants * 28 * 28),
      targets: new Float32Array(indices.length * variants)
    }),
    'data.inspect': ({ path }) => this.opened(path),
    'data.open': ({ path }) => this.opened(path),
    'work.cancel': () => null,
    'library.use': ({ folder }) => {
      this.library = folder ?? '/home/user/steadygrad'
      this.runs.clear()
      this.draft = null
      this.announce({ type: 'library.changed', library: this.library })
      return { library: this.library }
    },
    'desktop.choose': () => {
      throw new Failure('request.desktopOnly')
    },
    'files.roots': () => [],
    'files.list': ({ path }) => {
      throw new Failure('data.outside', { path, folders: '–' })
    },
    'files.room': () => null,
    'model.describe': ({ experiment }) => summarize(parseExperiment(experiment)),
    'model.import': ({ path }) => ({
      model: { path, format: 'keras', layers: [], parameters: 0, notes: [] }
    }),
    'model.inspect': () => null,
    'run.start': ({ experiment, insteadOf = [] }) => {
      insteadOf.forEach((run) => this.#turn(run, 'stopped'))
      return this.#start(parseExperiment(experiment))
    },
    'run.continue': ({ run, moreEpochs }) => {
      const found = this.find(run)
      found.state = 'running'
      if (moreEpochs) {
        const epochs = (found.current.training.epochs ?? 0) + moreEpochs
        found.current = replaceAt(found.current, 'training.epochs', epochs)
        this.#happen(found, { type: 'extended', ...this.at(found), epochs: moreEpochs })
      }
      this.#begin(found, found.rows.length)
      return { run, folder: `/runs/${run}` }
    },
    'run.pause': ({ run }) => this.#turn(run, 'paused'),
    'run.step': ({ run }) => {
      this.advance(1, this.find(run), true)
      return null
    },
    'run.resume': ({ run }) => this.#turn(run, 'running'),
    'run.stop': ({ run }) => this.#turn(run, 'stopped'),
    'run.change': ({ run, path, value }) => {
      const found = this.find(run)
      const from = path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], found.current)
      found.current = parseExperiment(replaceAt(found.current, path, value))
      const step = found.rows.length + 1
      this.#happen(found, { type: 'changed', time: this.#now, step, path, from, to: value })
      return { step }
    },
    'run.list': () => [...this.runs.values()].map((run) => this.listing(run)),
    'run.open': ({ run }) => {
      const { experiment, current, events } = this.find(run)
      const found = this.find(run)
      return {
        listing: this.listing(found),
        experiment,
        current,
        progress: found.progress(),
        events: [...events]
      }
    },
    'run.measures': ({ run, from = 1 }) => batchFrom(this.find(run).measurements, from),
    'run.window': ({ run, points, from, to }) => this.#window(this.find(run), points, from, to),
    'data.samples': (question) => fakeSamples(question, { train: 60000, test: 10000 }),
    'run.look': ({ run, features }) =>
      fakeLook(features, this.find(run).rows.length, summarize(this.find(run).current).layers),
    'run.confusion': ({ run }) => fakeConfusion(this.find(run).rows.length),
    'run.deviations': ({ run }) => fakeDeviations(this.find(run).rows.length),
    'run.samples': ({ offset, count }) => ({
      ...fakeSamples({ part: 'test', offset, count }, { train: 60000, test: 10000 }),
      part: 'test'
    }),
    'run.rename': ({ run, name }) => this.#describe(run, { name }),
    'run.note': ({ run, note }) => this.#describe(run, { note: note || undefined }),
    'run.delete': ({ run }) => {
      const found = this.find(run)
      if (isActive(found.state)) throw new Failure('run.alreadyActive', { run })
      this.runs.delete(run)
      this.trash.set(run, found)
      this.announce({ type: 'run.deleted', run })
      return null
    },
    'run.restore': ({ run }) => {
      const found = this.trash.get(run)
      if (!found) throw new Failure('run.unknown', { run })
      this.trash.delete(run)
      this.runs.set(run, found)
      this.announce({ type: 'run.listed', listing: this.listing(found) })
      return null
    },
    'draft.read': () => ({ draft: this.draft }),
    'draft.save': ({ draft, window }) => {
      this.draft = draft
      this.announce({ type: 'draft.saved', ...(window && { window }) })
      return null
    },
    'experiment.list': () => [...this.kept.keys()].map((id) => this.#stored(id)).reverse(),
    'experiment.open': ({ id }) => {
      const found = this.kept.get(id)
      if (!found) throw new Failure('storage.notFound', { path: this.#stored(id).path })
      return found.experiment
    },
    'experiment.save': ({ experiment, id = `experiment-${this.kept.size + 1}` }) => {
      this.kept.delete(id)
      this.kept.set(id, { experiment: parseExperiment(experiment), changed: ++this.#now })
      return this.#stored(id)
    },
    'experiment.delete': ({ id }) => {
      this.kept.delete(id)
      return null
    },
    'settings.read': () => this.settings,
    'settings.change': (part) => {
      this.settings = { ...this.settings, ...part }
      this.announce({ type: 'settings.changed', settings: this.settings })
      return this.settings
    },
    'run.replay': () => replayWith(),
    'study.list': () => fakeStudies,
    'study.run': () => {
      throw new Error('no study runs here')
    },
    'run.evaluate': () => ({ scores: {}, engine: 'native-cpu', step: 0 }),
    'run.predict': () => ({ count: 0, outputs: new Float32Array(0), size: 10 }),
    'experiment.diagnose': () => ({ findings: [], engine: 'native-cpu' }),
    'experiment.range': () => ({ points: [], ended: 'completed', engine: 'native-cpu', compiled: true }),
    'run.diagnose': () => ({ findings: [], steps: 0 }),
    'run.export': ({ format, path }) => ({
      format,
      path,
      bytes: 2_771_044,
      samples: 64,
      largestDifference: 2.4e-7,
      relativeDifference: 1.1e-7
    })
  })

  /** What a path holds: digits as IDX files, or nothing that is understood. */
  opened(path: string): DatasetSummary {
    if (!path.includes('digits')) throw new Failure('data.notUnderstood.file', { path })
    return {
      name: 'digits',
      source: { use: 'idx', images: `${path}/images.idx`, labels: `${path}/labels.idx` },
      featureShape: [28, 28, 1],
      featureType: 'uint8',
      classes: ['0', '1'],
      range: [0, 255],
      counts: { train: 100, test: 20 },
      findings: []
    }
  }

  /** A wire to this workbench, with a way to cut it. */
  wire(): { wire: Wire; cut(reason: string): void } {
    const [near, far, cut] = wirePair()
    const { announce } = serve<Requests, WorkbenchEvent>(far, requests, this.handlers)
    this.announce = announce
    return { wire: near, cut }
  }

  client(): Client<Requests, WorkbenchEvent> {
    return connect<Requests, WorkbenchEvent>(this.wire().wire)
  }

  find(id: string): FakeRun {
    const run = this.runs.get(id)
    if (!run) throw new Failure('run.unknown', { run: id })
    return run
  }

  at = (run: FakeRun): { time: number; step: number } => ({ time: ++this.#now, step: run.rows.length })

  /** Does something that no page is told of. */
  silently(act: () => void): void {
    const { announce } = this
    this.announce = () => {}
    act()
    this.announce = announce
  }

  /** Trains so many steps of a run and announces them as one batch, with the progress behind it. */
  advance(steps: number, run: FakeRun, single = false): void {
    const count = Math.min(steps, run.steps - run.rows.length)
    const values = new Float32Array(count * run.width)
    const first = run.rows.length + 1
    for (let row = 0; row < count; row++) {
      const made = run.row()
      values.set(made, row * run.width)
      run.rows.push(made)
      if (Number.isNaN(made[columnOf('gradientBefore')])) this.#refuse(run)
      if (run.rows.length % STEPS_PER_EPOCH === 0) this.#score(run)
    }
    this.announce({ type: 'run.steps', run: run.id, batch: { first, count, width: run.width, values } })
    if (run.rows.length >= run.steps && !single) this.#end(run)
    this.announce({ type: 'run.progress', run: run.id, progress: run.progress() })
  }

  /** Puts a trainer's crash into the world. */
  crash(run: FakeRun): void {
    run.state = 'failed'
    this.announce({
      type: 'run.failed',
      run: run.id,
      kind: 'crash',
      message: { key: 'storage.diskFull', values: { path: '/runs/1/steps.tail' } }
    })
  }

  engine() {
    return {
      installed: this.engineInstalled,
      version: '2.21.0',
      folder: '/home/user/.cache/steadygrad',
      bytes: 0,
      best: this.engineInstalled ? ('native-cpu' as const) : ('wasm' as const)
    }
  }

  listing = (run: FakeRun) => {
    const epoch = run.events.findLast((event) => event.type === 'epoch')
    return {
      id: run.id,
      folder: `/runs/${run.id}`,
      name: run.name,
      ...(run.note && { note: run.note }),
      engine: this.engineInstalled ? ('native-cpu' as const) : ('wasm' as const),
      state: run.state,
      created: run.created,
      steps: run.rows.length,
      ...(epoch && { scores: epoch.scores })
    }
  }

  #start(experiment: Experiment): { run: string; folder: string } {
    const id = `run-${this.runs.size + 1}`
    const run = new FakeRun(id, experiment, (this.#now += 60000))
    this.runs.set(id, run)
    run.state = 'running'
    this.#begin(run, undefined)
    return { run: id, folder: `/runs/${id}` }
  }

  #describe(id: string, about: { name?: string; note?: string | undefined }): null {
    const run = this.find(id)
    Object.assign(run, about)
    this.announce({ type: 'run.listed', listing: this.listing(run) })
    return null
  }

  #stored(id: string) {
    const found = this.kept.get(id)
    return {
      id,
      name: found?.experiment.name ?? id,
      path: `/home/user/steadygrad/experiments/${id}.json`,
      changed: found?.changed ?? 0
    }
  }

  #begin(run: FakeRun, resumedFrom: number | undefined): void {
    this.#happen(run, {
      type: 'started',
      ...this.at(run),
      ...(resumedFrom && { resumedFrom }),
      engine: this.engineInstalled
        ? { name: 'native-cpu', library: 'TensorFlow 2.21.0', threads: 2 }
        : { name: 'wasm', library: 'TensorFlow.js 4.22.0', threads: 1 },
      model: summarize(run.experiment),
      layers: run.layers,
      samples: { train: 54000, validation: 6000, test: 10000 },
      steps: run.steps,
      processId: 1
    })
    this.#tell(run)
  }

  #turn(id: string, state: 'paused' | 'running' | 'stopped'): null {
    const run = this.find(id)
    run.state = state
    if (state === 'stopped') this.#end(run, 'stopped')
    else this.#happen(run, { type: state === 'paused' ? 'paused' : 'resumed', ...this.at(run) })
    this.#tell(run)
    return null
  }

  #score(run: FakeRun): void {
    const epoch = run.rows.length / STEPS_PER_EPOCH
    const score = (loss: number) => ({ loss, accuracy: 1 - loss / 3 })
    this.#happen(run, {
      type: 'epoch',
      ...this.at(run),
      epoch,
      scores: { train: score(0.3 / epoch), validation: score(0.12 / epoch), test: score(0.11 / epoch) },
      seconds: 3.6
    })
  }

  #refuse(run: FakeRun): void {
    const layer = run.layers.at(-1) ?? ''
    const message = { key: 'storage.notReadable', values: { path: layer, problem: 'NaN' } } as const
    this.#happen(run, {
      type: 'guard',
      ...this.at(run),
      action: 'skip',
      layer,
      tensor: `${layer}/kernel`,
      reason: 'nonFiniteGradient',
      message
    })
  }

  #end(run: FakeRun, stopped: 'completed' | 'stopped' = 'completed'): void {
    run.state = stopped
    const scores = run.events.findLast((event) => event.type === 'epoch')?.scores
    this.#happen(run, {
      type: 'ended',
      ...this.at(run),
      summary: {
        run: `/runs/${run.id}`,
        engine: 'native-cpu',
        compiled: true,
        refused: 0,
        rollbacks: 0,
        steps: run.rows.length,
        epochs: run.rows.length / STEPS_PER_EPOCH,
        seconds: 7.4,
        stepMilliseconds: 8.4,
        parameters: summarize(run.experiment).parameters,
        ...scores,
        findings: [],
        stopped
      }
    })
    this.#tell(run)
  }

  #happen(run: FakeRun, event: RunEvent): void {
    run.events.push(event)
    this.announce({ type: 'run.event', run: run.id, event })
  }

  #tell(run: FakeRun): void {
    this.announce({ type: 'run.progress', run: run.id, progress: run.progress() })
    this.announce({ type: 'run.listed', listing: this.listing(run) })
  }

  #window(run: FakeRun, points: number, from = 1, to = run.rows.length): StepWindow {
    const { width } = run
    const rows = run.rows.slice(from - 1, to)
    const size = Math.max(1, Math.ceil(rows.length / points))
    const buckets = Math.ceil(rows.length / size)
    const steps = Float64Array.from({ length: buckets }, (_, bucket) => from + bucket * size)
    const minima = new Float32Array(buckets * width).fill(Infinity)
    const maxima = new Float32Array(buckets * width).fill(-Infinity)
    rows.forEach((row, index) => {
      const offset = Math.floor(index / size) * width
      row.forEach((value, column) => {
        minima[offset + column] = Math.min(minima[offset + column], value)
        maxima[offset + column] = Math.max(maxima[offset + column], value)
      })
    })
    return { from, to: from + rows.length - 1, last: run.rows.length, width, steps, minima, maxima }
  }

  #watch(handlers: Handlers<Requests>): Handlers<Requests> {
    const watched = Object.entries(handlers).map(([name, handle]) => [
      name,
      (input: never) => {
        this.calls.push({ name, input })
        return handle(input)
      }
    ])
    return Object.fromEntries(watched) as Handlers<Requests>
  }

  /** Runs that are at work. */
  active = (): FakeRun[] => [...this.runs.values()].filter(({ state }) => isActive(state))
}

/** Two ends of one wire in memory; messages arrive in order, never within the call that posts them. */
export function wirePair(): [Wire, Wire, (reason: string) => void] {
  const listeners = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()]
  let cut: (reason: string) => void = () => {}
  let open = true
  const closed = new Promise<string>((resolve) => {
    cut = (reason) => {
      open = false
      resolve(reason)
    }
  })
  const end = (mine: number, other: number): Wire => ({
    post: (message) =>
      queueMicrotask(
        () => open && listeners[other].forEach((listener) => listener(structuredClone(message)))
      ),
    listen: (listener) => {
      listeners[mine].add(listener)
      return () => listeners[mine].delete(listener)
    },
    closed
  })
  return [end(0, 1), end(1, 0), (reason) => cut(reason)]
}
