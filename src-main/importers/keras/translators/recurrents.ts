import type { Layer } from '#contract/vocabulary'
import type { Fields } from '../../importer'
import { initializerOf } from '../functions'
import { expectDefault, flagOf, numberOf, unfit } from '../options'
import { present, weightedOptions, weightedTensors, type Translation, type Translator } from '../translation'

/** Layers for sequences: tables of codes, and those that go from step to step. */
export const recurrents: [string, Translator][] = [
  ['Embedding', embedding],
  ['SimpleRNN', (config) => recurrent('simpleRnn', config)],
  ['LSTM', (config) => gated('lstm', config)],
  ['GRU', gru]
]

function embedding(config: Fields): Translation {
  expectDefault(config, 'mask_zero', false)
  return {
    layer: {
      use: 'embedding',
      inputs: numberOf(config, 'input_dim'),
      units: numberOf(config, 'output_dim'),
      ...present({ initializer: initializerOf(config, 'embeddings_initializer') })
    },
    tensors: [{ role: 'embeddings', keras: 'embeddings' }]
  }
}

/** The reset of ours acts on the product, which Keras calls `reset_after` and does unless it is told otherwise. */
function gru(config: Fields): Translation {
  if (config.reset_after !== true) throw unfit('reset_after', config.reset_after)
  return gated('gru', config)
}

function gated(use: Layer['use'], config: Fields): Translation {
  const { recurrent_activation: gates } = config
  if (gates !== 'sigmoid') throw unfit('recurrent_activation', gates)
  return recurrent(use, config)
}

function recurrent(use: Layer['use'], config: Fields): Translation {
  for (const option of ['return_state', 'go_backwards', 'stateful', 'time_major'])
    expectDefault(config, option, false)
  return {
    layer: {
      use,
      units: numberOf(config, 'units'),
      returnSequences: flagOf(config, 'return_sequences', false),
      // Its activation is a part of each step, and another one than none where nobody sets it.
      activation: 'linear',
      ...weightedOptions(config),
      ...present({ recurrentInitializer: initializerOf(config, 'recurrent_initializer') })
    },
    tensors: weightedTensors(
      config,
      { role: 'kernel', keras: 'kernel' },
      { role: 'recurrentKernel', keras: 'recurrent_kernel' }
    )
  }
}
