import { activationLayers } from './functions'
import { expectDefault, numberOf, unfit } from './options'
import { convolutions, dense } from './translators/weighted'
import { normalizations } from './translators/normalizations'
import { poolings } from './translators/poolings'
import { recurrents } from './translators/recurrents'
import { shapes } from './translators/shapes'
import { plain, type Translation, type Translator } from './translation'
import type { Fields } from '../importer'

/** Layers that change nothing outside training, and for which there is no word. */
const TRAINING_ONLY = [
  'SpatialDropout1D',
  'SpatialDropout2D',
  'SpatialDropout3D',
  'AlphaDropout',
  'GaussianDropout',
  'ActivityRegularization',
  'RandomFlip',
  'RandomRotation',
  'RandomZoom',
  'RandomTranslation',
  'RandomContrast',
  'RandomBrightness'
]

/** What Keras calls a layer, and what it is here. */
export const translators = new Map<string, Translator>([
  ['InputLayer', () => ({})],
  ['Identity', () => ({})],
  ['Dense', dense],
  ['Dropout', (config) => plain('dropout', { rate: numberOf(config, 'rate') })],
  ['GaussianNoise', (config) => plain('gaussianNoise', { stddev: numberOf(config, 'stddev') })],
  ['Rescaling', rescaling],
  ...convolutions,
  ...poolings,
  ...shapes,
  ...normalizations,
  ...recurrents,
  ...Array.from(activationLayers, ([className, activationOf]): [string, Translator] => [
    className,
    (config) => plain('activation', { activation: activationOf(config) })
  ]),
  ...TRAINING_ONLY.map((className): [string, Translator] => [
    className,
    () => ({ note: 'import.note.trainingOnly' })
  ])
])

function rescaling(config: Fields): Translation {
  expectDefault(config, 'offset', 0)
  const scale = numberOf(config, 'scale')
  if (scale === 0) throw unfit('scale', scale)
  return { scale }
}
