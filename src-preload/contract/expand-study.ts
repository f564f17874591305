import { parseExperiment, type Experiment } from './experiment'
import { failureOf } from './experiment-failure'
import { Failure } from './failure'
import { setAt } from './set-at'
import { study, type CellLabels, type Study, type StudyCase } from './study'

/** One combination of cases: an experiment that is trained with each of the seeds. */
export interface PlannedCell {
  labels: CellLabels
  /** Complete, with the seed of the base. */
  experiment: Experiment
}

/** The cells of a study in the order of its axes, the last one changing fastest, and the seeds of each. */
export interface PlannedStudy {
  cells: PlannedCell[]
  seeds: number[]
}

/**
 * The study in a parsed JSON value, with its defaults filled in.
 * @throws Failure `experiment.*` that names the path; `study.*` for names that stand there twice
 */
export function parseStudy(value: unknown): Study {
  const checked = study.safeParse(value)
  if (!checked.success) throw failureOf(checked.error.issues[0], value)
  const { vary, seeds } = checked.data
  refuseTwice(vary, ({ name }) => name, 'vary', 'name')
  vary.forEach(({ cases }, index) => refuseTwice(cases, ({ label }) => label, `vary.${index}.cases`, 'label'))
  if (Array.isArray(seeds)) refuseTwice(seeds, String, 'seeds')
  return checked.data
}

/**
 * Every cell of a study over its base: an experiment as it stands in its file, because `model.layers.*` means what is
 * written there. The sets of the cases are applied in the order of the axes.
 * @throws Failure `study.badPath`, `study.noLayerHas` with the path of the case; `study.cellRefused` for an experiment
 * that is refused, with its cell
 */
export function expandStudy({ vary, seeds, name }: Study, base: unknown): PlannedStudy {
  const combinations = vary.reduce<Combination[]>(
    (cells, axis, axisIndex) =>
      cells.flatMap(({ labels, value }) =>
        axis.cases.map((each, caseIndex) => ({
          labels: { ...labels, [axis.name]: each.label },
          value: applyCase(value, each, `vary.${axisIndex}.cases.${caseIndex}`)
        }))
      ),
    [{ labels: {}, value: base }]
  )
  const cells = combinations.map(({ labels, value }) => {
    const cases = Object.values(labels).join(', ')
    try {
      const experiment = parseExperiment(value)
      return { labels, experiment: { ...experiment, name: `${name}: ${cases}`.slice(0, 200) } }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const cell = Object.entries(labels).map(([axis, label]) => `${axis} = ${label}`)
      const problem = { key: error.key, values: error.values }
      throw new Failure('study.cellRefused', { cell: cell.join(', '), problem })
    }
  })
  const first = cells[0].experiment.seed
  return {
    cells,
    seeds: Array.isArray(seeds) ? seeds : Array.from({ length: seeds }, (_, index) => first + index)
  }
}

interface Combination {
  labels: CellLabels
  value: unknown
}

function applyCase(value: unknown, { set, repeat }: StudyCase, at: string): unknown {
  const longer = Object.entries(repeat).reduce(
    (changed, [path, times]) => repeatAt(changed, path, times, `${at}.repeat`),
    value
  )
  return Object.entries(set).reduce(
    (changed, [path, to]) =>
      path.startsWith(EVERY_LAYER)
        ? setInLayers(changed, path, to, `${at}.set`)
        : setAt(changed, path, to, () => new Failure('study.badPath', { at: `${at}.set`, path })),
    longer
  )
}

const EVERY_LAYER = 'model.layers.*.'

/** Sets an option in every layer whose JSON has it, those inside others too. */
function setInLayers(whole: unknown, path: string, to: unknown, at: string): unknown {
  const option = path.slice(EVERY_LAYER.length)
  let found = 0
  const change = (layer: unknown): unknown => {
    if (typeof layer !== 'object' || layer === null) return layer
    const { layers, layer: inside } = layer as { layers?: unknown; layer?: unknown }
    const has = Object.hasOwn(layer, option)
    if (has) found++
    return {
      ...layer,
      ...(has && { [option]: to }),
      ...(Array.isArray(layers) && { layers: layers.map(change) }),
      ...(inside !== undefined && { layer: change(inside) })
    }
  }
  const { model } = whole as { model?: { layers?: unknown } }
  const layers = Array.isArray(model?.layers) ? model.layers.map(change) : model?.layers
  if (found === 0) throw new Failure('study.noLayerHas', { at, path, option })
  return { ...(whole as object), model: { ...model, layers } }
}

/** The layer at a place several times; it must stand in a list. */
function repeatAt(whole: unknown, path: string, times: number, at: string): unknown {
  const refused = (): Failure => new Failure('study.badPath', { at, path })
  const [, list, index] = /^(.*)\.(\d+)$/.exec(path) ?? []
  if (list === undefined) throw refused()
  const present = list
    .split('.')
    .reduce<unknown>((place, key) => (place as Record<string, unknown> | null | undefined)?.[key], whole)
  if (!Array.isArray(present) || Number(index) >= present.length) throw refused()
  const repeated = present.flatMap((each: unknown, position) =>
    position === Number(index) ? Array.from({ length: times }, () => each) : [each]
  )
  return setAt(whole, list, repeated, refused)
}

/** @throws Failure `study.twice` that names where a text stands for the second time */
function refuseTwice<Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
  at: string,
  key?: string
): void {
  const texts = items.map(textOf)
  const second = texts.findIndex((text, index) => texts.indexOf(text) < index)
  if (second >= 0)
    throw new Failure('study.twice', {
      path: [at, second, ...(key === undefined ? [] : [key])].join('.'),
      text: texts[second]
    })
}
