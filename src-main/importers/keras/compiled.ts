import type { Message } from '#contract/messages'
import { gradientStep, type GradientStep, type Loss } from '#contract/vocabulary'
import { isFields } from '../files'
import type { Fields } from '../importer'
import { classOf, show } from './options'

/** A loss that a model was compiled with, before it is known how the model ends. */
export interface CompiledLoss {
  /** Our word for what compares numbers, or probabilities. */
  loss: Loss
  /** Our word for what compares logits instead, and the activation that makes probabilities of them. */
  onLogits?: LogitLoss
  /** The outputs are logits. */
  fromLogits: boolean
}

/** A loss that takes the last activation upon itself. */
export interface LogitLoss {
  loss: Loss
  activation: 'softmax' | 'sigmoid'
}

/** The losses on logits, by the activation that belongs to them. */
export const logitLosses = {
  softmax: { loss: { use: 'softmaxCrossEntropy', weight: 1 }, activation: 'softmax' },
  sigmoid: { loss: { use: 'binaryCrossEntropy', weight: 1 }, activation: 'sigmoid' }
} satisfies Record<string, LogitLoss>

type LossMaker = (config: Fields) => Pick<CompiledLoss, 'loss' | 'onLogits'>

const ofClasses: LossMaker = () => ({
  loss: { use: 'categoricalCrossEntropy', clip: 1e-7, weight: 1 },
  onLogits: logitLosses.softmax
})
const squared: LossMaker = () => ({ loss: { use: 'meanSquaredError', weight: 1 } })
const absolute: LossMaker = () => ({ loss: { use: 'meanAbsoluteError', weight: 1 } })
const huber: LossMaker = ({ delta }) => ({
  loss: { use: 'huber', delta: typeof delta === 'number' && delta > 0 ? delta : 1, weight: 1 }
})

/** What Keras calls a loss, in every spelling it has. */
const LOSSES = new Map<string, LossMaker>([
  ['categoricalcrossentropy', ofClasses],
  ['sparsecategoricalcrossentropy', ofClasses],
  ['binarycrossentropy', () => ({ loss: logitLosses.sigmoid.loss, onLogits: logitLosses.sigmoid })],
  ['meansquarederror', squared],
  ['mse', squared],
  ['meanabsoluteerror', absolute],
  ['mae', absolute],
  ['huber', huber],
  ['huberloss', huber]
])

/** The loss that a model was compiled with; undefined where there is none or ours has no word for it. */
export function compiledLoss(value: unknown): CompiledLoss | undefined {
  const named = classOf(onlyOne(value))
  const make = named && LOSSES.get(spelled(named.className))
  return make && { ...make(named.config), fromLogits: named.config.from_logits === true }
}

/** A model with one output has one loss, which may be written as a list or by the name of the output. */
function onlyOne(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? (value as unknown[])[0] : undefined
  if (!isFields(value) || typeof value.class_name === 'string') return value
  const all = Object.values(value)
  return all.length === 1 ? all[0] : undefined
}

/**
 * `SparseCategoricalCrossentropy`, `sparse_categorical_crossentropy` and `sparseCategoricalCrossentropy` are one, and
 * so are `Adam` and the `Custom>Adam` that Keras 2 writes.
 */
const spelled = (name: string): string => name.replace(/^Custom>|[_\s]/g, '').toLowerCase()

/** A chain of gradients out of an optimizer of Keras, with what could not be taken over. */
export interface CompiledChain {
  gradients: GradientStep[]
  notes: Message[]
}

/** What Keras calls an optimizer, with its options here, and those that must not be set. */
const OPTIMIZERS = new Map<string, { options(config: Fields): Record<string, unknown>; unknown?: string[] }>([
  ['sgd', { options: sgd }],
  [
    'rmsprop',
    { options: ({ rho, epsilon }) => ({ use: 'rmsprop', rho, epsilon }), unknown: ['momentum', 'centered'] }
  ],
  [
    'adagrad',
    {
      options: ({ initial_accumulator_value: initialAccumulator, epsilon }) => ({
        use: 'adagrad',
        initialAccumulator,
        epsilon
      })
    }
  ],
  ['nadam', { options: (config) => ({ use: 'nadam', ...moments(config) }) }],
  ['adam', { options: (config) => ({ use: 'adam', ...moments(config) }), unknown: ['amsgrad'] }],
  ['adamw', { options: (config) => ({ use: 'adamw', ...moments(config) }), unknown: ['amsgrad'] }]
])

function sgd({ momentum, nesterov }: Fields): Record<string, unknown> {
  if (typeof momentum !== 'number' || momentum === 0) return { use: 'sgd' }
  return { use: nesterov === true ? 'nesterov' : 'momentum', momentum }
}

const moments = ({ beta_1, beta_2, beta1, beta2, epsilon }: Fields): Record<string, unknown> => ({
  beta1: beta_1 ?? beta1,
  beta2: beta_2 ?? beta2,
  epsilon
})

/** The chain that an optimizer of Keras stands for; undefined where there is none, or ours has no word for it. */
export function compiledChain(value: unknown): CompiledChain | undefined {
  const named = classOf(value)
  const known = named && OPTIMIZERS.get(spelled(named.className))
  if (!known) return undefined
  const { className, config } = named
  const { rate, schedule } = rateOf(config)
  const options = Object.entries({ ...known.options(config), rate, decay: config.weight_decay })
  const optimizer = gradientStep.safeParse(
    Object.fromEntries(
      options
        .filter(([, option]) => option !== undefined && option !== null)
        .map(([key, option]) => [key, typeof option === 'number' ? shortest(option) : option])
    )
  )
  if (!optimizer.success) return undefined
  const { clipvalue, clipnorm, global_clipnorm: globalClipnorm } = config
  const clips = [
    { use: 'clipByValue', max: clipvalue },
    { use: 'clipByNorm', max: clipnorm },
    { use: 'clipByGlobalNorm', max: globalClipnorm }
  ].flatMap((clip) => gradientStep.safeParse(clip).data ?? [])
  return {
    gradients: [...clips, optimizer.data],
    notes: [
      ...(schedule ? [{ key: 'import.note.schedule', values: { schedule, rate } } as const] : []),
      ...(known.unknown ?? [])
        .filter((option) => Boolean(config[option]))
        .map((option): Message => ({
          key: 'import.note.optimizerOption',
          values: { optimizer: className, option, found: show(config[option]) }
        }))
    ]
  }
}

/** The rate of Keras' Adam when nobody sets one. */
const DEFAULT_RATE = 1e-3

/** A number, or the first rate of a schedule. */
function rateOf(config: Fields): { rate: number; schedule?: string } {
  const value = config.learning_rate ?? config.lr ?? DEFAULT_RATE
  if (typeof value === 'number') return { rate: value }
  const named = classOf(value)
  const first = named?.config.initial_learning_rate
  return { rate: typeof first === 'number' ? first : DEFAULT_RATE, schedule: named?.className ?? show(value) }
}

/** A number that was kept in 32 bits with the digits that it was given: 0.002 instead of 0.0020000000949949026. */
const shortest = (value: number): number => {
  const short = Number(value.toPrecision(7))
  return Math.fround(short) === value ? short : value
}
