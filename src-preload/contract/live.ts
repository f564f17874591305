import { parseExperiment, walkLayers, type Experiment } from './experiment'
import { Failure } from './failure'
import { layers, optimizers, transforms } from './vocabulary'

/** A number of an experiment that may change while its run goes on. */
export interface LiveControl {
  /** Place in the experiment, such as `gradients.0.max`. */
  path: string
  /** Its last part, such as `max`: the name of the option. */
  option: string
  /** The word that has the option, such as `clipByGlobalNorm`; absent for the training options. */
  use?: string
  /** Full name of the layer that has the option, such as `residual_1/dropout_1`. */
  layer?: string
}

const words: Record<string, { shape: Record<string, { meta(): { live?: boolean } | undefined }> }> = {
  ...layers,
  ...transforms,
  ...optimizers
}

const liveOptions = (use: string): string[] =>
  Object.entries(words[use].shape).flatMap(([option, schema]) => (schema.meta()?.live ? [option] : []))

/** Everything that may change while a run of this experiment goes on, in the order of the experiment. */
export function liveControls(experiment: Experiment): LiveControl[] {
  return [
    ...experiment.gradients.flatMap(({ use }, index) =>
      liveOptions(use).map((option) => ({ path: `gradients.${index}.${option}`, option, use }))
    ),
    ...walkLayers(experiment.model.layers).flatMap(({ layer: { use }, name, path }) =>
      liveOptions(use).map((option) => ({ path: `${path}.${option}`, option, use, layer: name }))
    ),
    { path: 'training.batchSize', option: 'batchSize' }
  ]
}

/**
 * The experiment with one live value changed.
 * @throws Failure `experiment.notLive`, or what is wrong with the value
 */
export function changeLive(experiment: Experiment, path: string, value: unknown): Experiment {
  if (!liveControls(experiment).some((control) => control.path === path))
    throw new Failure('experiment.notLive', { path })
  return parseExperiment(withValueAt(experiment, path, value))
}

/** Live changes by the step they took effect at; one that an earlier sitting made may stand before them in the log. */
export const inOrder = <Change extends { step: number }>(changes: readonly Change[]): Change[] =>
  changes.toSorted((a, b) => a.step - b.step)

/** The value at a path of an experiment, such as `gradients.0.max`; undefined where there is none. */
export const valueAt = (whole: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], whole)

/** A copy of a JSON value with another value at a path whose parent exists. @throws Failure `experiment.badPath` */
export function withValueAt(whole: unknown, path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(whole)) as unknown
  const keys = path.split('.')
  const last = keys.pop() as string
  const parent = keys.length === 0 ? copy : valueAt(copy, keys.join('.'))
  if (typeof parent !== 'object' || parent === null || last === '__proto__')
    throw new Failure('experiment.badPath', { path })
  if (Array.isArray(parent) && !(/^\d+$/.test(last) && Number(last) < parent.length))
    throw new Failure('experiment.badPath', { path })
  ;(parent as Record<string, unknown>)[last] = value
  return copy
}
