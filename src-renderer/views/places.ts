import { optimizerOf, walkLayers, type Experiment } from '#contract/experiment'
import { liveControls, valueAt, type LiveControl } from '#contract/live'
import type { MessageKey, MessageValues } from '#contract/messages'
import { optionKey } from '#contract/option-texts'
import { transforms, type Schedule } from '#contract/vocabulary'
import { writePlain } from '../components/numbers'
import { wordKey } from './words'

type Say = (key: MessageKey, values?: MessageValues) => string

/** A number of the experiment that may change while a run goes on. */
export interface LivePlace {
  path: string
  label: string
  help: string
  /** The word that it belongs to, which can be explained. */
  word?: string
  value: number
  /** What stands in the experiment when this number is put in. */
  put(value: number): unknown
  slider?: { low: number; high: number; logarithmic: boolean }
}

/** Everything of an experiment that has a live control: rate, numbers of transforms, dropout rates, batch size. */
export function livePlaces(experiment: Experiment, say: Say): LivePlace[] {
  return [
    ratePlace(experiment, say),
    ...liveControls(experiment).flatMap((control) => transformPlace(experiment, control, say)),
    ...walkLayers(experiment.model.layers).flatMap(({ layer, name, path }): LivePlace[] =>
      layer.use === 'dropout'
        ? [
            {
              path: `${path}.rate`,
              label: say('window.control.dropout', { layer: name }),
              help: say('vocabulary.dropout.help'),
              value: layer.rate,
              put: (value) => value,
              slider: { low: 0, high: 0.95, logarithmic: false }
            }
          ]
        : layer.use === 'gaussianNoise'
          ? [
              {
                path: `${path}.stddev`,
                label: say('window.control.gaussianNoise', { layer: name }),
                help: say('vocabulary.gaussianNoise.help'),
                value: layer.stddev,
                put: (value) => value,
                slider: { low: 1e-3, high: 10, logarithmic: true }
              }
            ]
          : []
    ),
    {
      path: 'training.batchSize',
      label: say('window.control.batchSize'),
      help: say('window.control.batchSize.help'),
      value: experiment.training.batchSize,
      put: (value) => value
    }
  ]
}

/** What the slider of a transform spans, by option; else the magnitudes of thresholds. */
const spans: Record<string, LivePlace['slider']> = {
  percentile: { low: 0, high: 100, logarithmic: false },
  ratio: { low: 1e-6, high: 1, logarithmic: true },
  eta: { low: 1e-6, high: 1, logarithmic: true },
  lambda: { low: 1e-6, high: 1, logarithmic: true }
}
const THRESHOLDS = { low: 1e-3, high: 100, logarithmic: true }

/** The live number of a transform; none where the experiment leaves it out. */
function transformPlace(experiment: Experiment, { path, option, use }: LiveControl, say: Say): LivePlace[] {
  const value = valueAt(experiment, path)
  if (use === undefined || !(use in transforms) || typeof value !== 'number') return []
  const word = say(wordKey(use))
  const isWhole = option === 'max' && use !== 'zClip'
  const name = say(optionKey(path, use, option, ''))
  return [
    {
      path,
      label: isWhole ? word : say('window.control.transform', { word, option: name }),
      help: isWhole ? say(wordKey(use, 'help')) : say(optionKey(path, use, option, '.help')),
      word: use,
      value,
      put: (number) => number,
      slider: spans[option] ?? THRESHOLDS
    }
  ]
}

function ratePlace(experiment: Experiment, say: Say): LivePlace {
  const { index, optimizer } = optimizerOf(experiment)
  const { rate } = optimizer
  const shared = {
    path: `gradients.${index}.rate`,
    help: say('window.control.rate.help'),
    word: optimizer.use,
    slider: { low: 1e-6, high: 1, logarithmic: true }
  }
  if (typeof rate === 'number')
    return { ...shared, label: say('window.control.rate'), value: rate, put: (value) => value }
  return {
    ...shared,
    label: say('window.control.scheduledRate', { schedule: say(wordKey(rate.use)) }),
    value: rate.rate,
    put: (value): Schedule => ({ ...rate, rate: value })
  }
}

/** What was changed and how, in a few words for a mark on a chart. */
export function describeChange(
  experiment: Experiment,
  { path, from, to }: { path: string; from?: unknown; to?: unknown },
  say: Say
): string {
  const place = livePlaces(experiment, say).find((each) => each.path === path)
  return say('window.change', {
    what: place?.label ?? path,
    from: describeValue(from),
    to: describeValue(to)
  })
}

function describeValue(value: unknown): string {
  if (typeof value === 'number') return writePlain(value)
  const rate = typeof value === 'object' && value !== null && 'rate' in value ? value.rate : undefined
  return typeof rate === 'number' ? writePlain(rate) : JSON.stringify(value)
}
