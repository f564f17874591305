import type { WorkbenchEvent } from '#contract/events'
import { parseExperiment, type Experiment } from '#contract/experiment'
import { Failure } from '#contract/failure'
import type { RunLabel } from '#contract/library'
import type { Message } from '#contract/messages'
import type { RunDetail, RunListing } from '#contract/run'
import { preparing, superviseRun, type ActiveRun } from './active-run'
import type { Children, Trainer } from './children'
import type { Library, RunPlace } from './library'
import type { Ports } from './ports'
import type { WeightStore } from './weights'

interface TrainerChoice {
  /** Gives the process that trains; absent = one of its own. */
  startTrainer?: (() => Trainer) | undefined
}

/** How a new run is to be trained. */
export interface StartOrder extends TrainerChoice {
  /** Folder in which its own is made; absent = the library. */
  out?: string | undefined
  /** Runs that make room for it: they are stopped first. */
  insteadOf?: readonly string[] | undefined
}

/** How a stored run is to go on. */
export interface ContinueOrder extends TrainerChoice {
  /** Epochs to add to its goal. */
  moreEpochs?: number | undefined
}

/** The life of runs: begin, steer, look at, end. */
export interface Runs {
  /** Trains an experiment as a new run. */
  start(experiment: unknown, order?: StartOrder): Promise<RunPlaceReply>
  /** Goes on with a stored run. @throws Failure `run.completed` where it is, and no epochs are added */
  continue(run: string, order?: ContinueOrder): Promise<RunPlaceReply>
  /** The run of that name while a trainer is at work on it. @throws Failure `run.notActive` */
  active(run: string): Promise<ActiveRun>
  /** The run with that id while a trainer is at work on it. */
  atWork(id: string): ActiveRun | undefined
  /** Does something with a run that no trainer is at work on, and lets none begin meanwhile. @throws Failure `run.alreadyActive` */
  alone<Result>(place: RunPlace, task: () => Promise<Result>): Promise<Result>
  /** Tells a run that was at work here of its new label. */
  label(id: string, changed: RunLabel): void
  open(run: string): Promise<RunDetail>
  list(): Promise<RunListing[]>
  /** Runs that a trainer is at work on, as they are listed. */
  activeListings(): RunListing[]
  /** Says whether one is at work or about to be. */
  isAnyActive(): boolean
  /** Interrupts every run with a checkpoint; settles when their trainers are gone, after `patience` ms at the latest. */
  close(patience: number): Promise<void>
}
interface RunPlaceReply {
  run: string
  folder: string
}

/** Nothing runs at first. */
export function createRuns(
  { paths, clock }: Ports,
  children: Children,
  library: Library,
  weights: WeightStore,
  announce: (event: WorkbenchEvent) => void
): Runs {
  /** By id; a run that broke off stays here, because its folder cannot tell why. */
  const runs = new Map<string, ActiveRun>()
  /** Runs that something is done with which must not happen twice at once. */
  const busy = new Set<string>()
  /** Runs that have no trainer yet. */
  let beginning = 0

  async function begin(...order: Parameters<typeof prepareAndTrain>): Promise<void> {
    beginning++
    try {
      await prepareAndTrain(...order)
    } finally {
      beginning--
    }
  }

  /** Prepares the data, starts a trainer and waits until the run is on disk. */
  async function prepareAndTrain(
    listing: RunListing,
    source: Experiment['data']['source'],
    task: Task,
    { insteadOf = [], startTrainer = children.startTrainer }: StartOrder
  ): Promise<void> {
    const { id: run, folder } = listing
    const report = (message: Message): void =>
      announce({ type: 'run.progress', run, progress: preparing(listing.steps, message) })
    // Its process comes up while the data is prepared.
    const trainer = startTrainer()
    try {
      const { folder: dataset } = await children.worker.call(
        'prepare',
        { source, library: paths.library },
        { report }
      )
      await Promise.all(insteadOf.map(clear))
      const active = superviseRun(listing, trainer, clock, announce)
      runs.set(run, active)
      await active.begin({ folder, dataset, ...task })
    } catch (error) {
      trainer.kill()
      throw error
    }
  }

  /** Stops a run that is to make room, and waits until its trainer has given its memory back. */
  async function clear(run: string): Promise<void> {
    const present = atWork((await library.find(run)).id)
    await present?.stop()
    await present?.left
  }

  async function start(input: unknown, order: StartOrder = {}): Promise<RunPlaceReply> {
    const experiment = parseExperiment(input)
    const place = await library.create(experiment.name, order.out)
    const listing: RunListing = {
      ...place,
      name: experiment.name,
      state: 'preparing',
      created: clock.now(),
      steps: 0
    }
    try {
      const task = { experiment, ...weights.taskOf(experiment) }
      await begin(listing, experiment.data.source, task, order)
    } catch (error) {
      await library.discard(place)
      throw error
    }
    return reply(place)
  }

  async function proceed(
    run: string,
    { moreEpochs, startTrainer }: ContinueOrder = {}
  ): Promise<RunPlaceReply> {
    const place = await library.find(run)
    await alone(place, async () => {
      const { listing, current } = await library.open(place)
      if (listing.state === 'completed' && moreEpochs === undefined)
        throw new Failure('run.completed', { run })
      await begin(listing, current.data.source, moreEpochs === undefined ? {} : { moreEpochs }, {
        startTrainer
      })
    })
    return reply(place)
  }

  async function alone<Result>({ id }: RunPlace, task: () => Promise<Result>): Promise<Result> {
    if (atWork(id) || busy.has(id)) throw new Failure('run.alreadyActive', { run: id })
    busy.add(id)
    try {
      await runs.get(id)?.left
      return await task()
    } finally {
      busy.delete(id)
    }
  }

  function atWork(id: string): ActiveRun | undefined {
    const present = runs.get(id)
    return present?.isOver ? undefined : present
  }

  async function active(run: string): Promise<ActiveRun> {
    // A trainer can be steered, and says what is wrong, even while its folder is gone.
    const present = atWork(run) ?? atWork((await library.find(run)).id)
    if (!present) throw new Failure('run.notActive', { run })
    return present
  }

  async function open(run: string): Promise<RunDetail> {
    const place = await library.find(run)
    const stored = await library.open(place)
    const present = runs.get(place.id)
    if (!present || (present.isOver && !present.failure)) return stored
    const { listing, progress, failure } = present
    return { ...stored, listing, progress, ...(failure && { failure }) }
  }

  async function list(): Promise<RunListing[]> {
    const stored = await library.list()
    const known = new Map(stored.map((listing) => [listing.id, listing]))
    for (const [id, { listing, isOver, failure }] of runs)
      if (!isOver || (failure && known.has(id))) known.set(id, listing)
    return Array.from(known.values()).sort((a, b) => b.created - a.created)
  }

  return {
    start,
    continue: proceed,
    active,
    atWork,
    alone,
    label: (id, changed) => runs.get(id)?.label(changed),
    open,
    list,
    activeListings: () =>
      Array.from(runs.values()).flatMap(({ isOver, listing }) => (isOver ? [] : [listing])),
    isAnyActive: () => beginning > 0 || Array.from(runs.values()).some(({ isOver }) => !isOver),
    async close(patience) {
      await Promise.all(Array.from(runs.values(), (run) => run.interrupt(patience)))
    }
  }
}

/** What a trainer shall do besides going on from what the folder holds. */
interface Task {
  experiment?: Experiment
  /** File with the weights that the experiment names. */
  weights?: string
  moreEpochs?: number
}

const reply = ({ id, folder }: RunPlace): RunPlaceReply => ({ run: id, folder })
