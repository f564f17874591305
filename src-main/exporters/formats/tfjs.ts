import type { PreparationPlan } from '#contract/preparation'
import type { ModelArtifact } from '#contract/trainer'
import { ABOUT_FILE, type Exporter } from '../exporter'
import { outputForm } from '../outputs'
import { kerasModel, type KerasModel, type PlacedKerasLayer } from './keras-model'
import { canPrepare, inputShapeOf } from './keras-preparation'

const MODEL_FILE = 'model.json'
const WEIGHTS_FILE = 'weights.bin'
/** Name of the model itself. */
const NAME = 'steadygrad'

/**
 * A TensorFlow.js layers model, for `tf.loadLayersModel`: `model.json`, and `weights.bin` with float32 values,
 * little-endian. It takes raw samples, with the preparation of the features as its first layers; where Keras has no
 * layers for that, it takes prepared ones, and `steadygrad.json` says how they are prepared.
 */
export const tfjs: Exporter = {
  format: 'tfjs',
  takes: (preparation) => (canPrepare(preparation) ? 'raw' : 'prepared'),
  async write(artifact, target) {
    const keras = kerasModel(artifact)
    const shape = inputShapeOf(artifact.preparation)
    const weights = keras.weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }))
    const model = {
      format: 'layers-model',
      generatedBy: 'Steadygrad',
      convertedBy: null,
      modelTopology: {
        ...(keras.isChain ? sequential(keras, shape) : functional(keras, shape)),
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js'
      },
      weightsManifest: [{ paths: [WEIGHTS_FILE], weights }]
    }
    await target.write(MODEL_FILE, JSON.stringify(model, null, 2))
    await target.write(WEIGHTS_FILE, join(keras.weights.map(({ values }) => values)))
    await target.write(ABOUT_FILE, JSON.stringify(describe(artifact, keras.added), null, 2))
  }
}

/** Everything that the model file itself has no place for. */
const describe = (artifact: ModelArtifact, added: string[]) => ({
  version: 1,
  format: tfjs.format,
  madeBy: 'Steadygrad',
  madeAt: new Date().toISOString(),
  source: artifact.experiment.data.source,
  input: inputOf(artifact.preparation),
  output: outputForm(artifact).activation ? 'probabilities' : 'values',
  /** Layers that the trained model does not have: preparation of raw samples, and the form of the outputs. */
  addedLayers: added,
  ...(artifact.classes && { classes: artifact.classes }),
  preparation: artifact.preparation,
  experiment: artifact.experiment
})

const inputOf = (preparation: PreparationPlan) => ({
  shape: inputShapeOf(preparation),
  values: canPrepare(preparation) ? 'raw' : 'prepared'
})

/** Layers one behind the other; the first one says what a sample looks like. */
function sequential({ layers }: KerasModel, inputShape: readonly number[]) {
  const described = layers.map(({ class_name, config }, index) => ({
    class_name,
    config: index === 0 ? { ...config, ...inputOptions(inputShape) } : config
  }))
  return { class_name: 'Sequential', config: { name: NAME, layers: described } }
}

/** Layers that say what they take. */
function functional({ input, layers }: KerasModel, inputShape: readonly number[]) {
  const start = {
    class_name: 'InputLayer',
    config: { name: input, ...inputOptions(inputShape), sparse: false },
    name: input,
    inbound_nodes: []
  }
  const described = layers.map(({ class_name, config, inputs }: PlacedKerasLayer) => ({
    class_name,
    config,
    name: config.name,
    inbound_nodes: [inputs.map((name) => [name, 0, 0, {}])]
  }))
  return {
    class_name: 'Functional',
    config: {
      name: NAME,
      layers: [start, ...described],
      input_layers: [[input, 0, 0]],
      output_layers: [[layers[layers.length - 1].config.name, 0, 0]]
    }
  }
}

const inputOptions = (inputShape: readonly number[]) => ({
  batch_input_shape: [null, ...inputShape],
  dtype: 'float32'
})

function join(arrays: Float32Array[]): Uint8Array {
  const joined = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let filled = 0
  for (const values of arrays) {
    joined.set(values, filled)
    filled += values.length
  }
  return new Uint8Array(joined.buffer)
}
