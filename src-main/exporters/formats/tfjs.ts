import type { ModelArtifact } from '#contract/trainer'
import { ABOUT_FILE, type Exporter } from '../exporter'
import { outputForm } from '../outputs'
import { kerasModel, kerasRoles } from './keras-layers'

const MODEL_FILE = 'model.json'
const WEIGHTS_FILE = 'weights.bin'

/**
 * A TensorFlow.js layers model, for `tf.loadLayersModel`: `model.json`, and `weights.bin` with float32 values,
 * little-endian. It takes raw samples: the preparation of the features is its first layer.
 */
export const tfjs: Exporter = {
  format: 'tfjs',
  async write(artifact, target) {
    const { experiment, inputShape } = artifact
    const { layers, added } = kerasModel(experiment, inputShape)
    const weights = artifact.tensors.map(({ name, shape }) => ({
      name: kerasName(name),
      shape,
      dtype: 'float32'
    }))
    const model = {
      format: 'layers-model',
      generatedBy: 'Steadygrad',
      convertedBy: null,
      modelTopology: {
        class_name: 'Sequential',
        config: { name: 'steadygrad', layers },
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js'
      },
      weightsManifest: [{ paths: [WEIGHTS_FILE], weights }]
    }
    await target.write(MODEL_FILE, JSON.stringify(model, null, 2))
    await target.write(WEIGHTS_FILE, join(artifact.tensors.map(({ values }) => values)))
    await target.write(ABOUT_FILE, JSON.stringify(describe(artifact, added), null, 2))
  }
}

/** Everything that the model file itself has no place for. */
const describe = ({ experiment, inputShape, classes }: ModelArtifact, added: string[]) => ({
  version: 1,
  format: tfjs.format,
  madeBy: 'Steadygrad',
  madeAt: new Date().toISOString(),
  source: experiment.data.source,
  input: { shape: inputShape, values: 'raw' },
  output: outputForm(experiment).activation ? 'probabilities' : 'values',
  /** Layers that the trained model does not have: preparation of raw samples, and the form of the outputs. */
  addedLayers: added,
  ...(classes && { classes }),
  experiment
})

/** `conv2d_1/kernel` stays; `batchNormalization_1/movingMean` becomes `batchNormalization_1/moving_mean`. */
function kerasName(name: string): string {
  const [layer, role] = name.split('/')
  if (!Object.hasOwn(kerasRoles, role)) throw new Error(`${name}: Keras has no name for this tensor`)
  return `${layer}/${kerasRoles[role]}`
}

function join(arrays: Float32Array[]): Uint8Array {
  const joined = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let filled = 0
  for (const values of arrays) {
    joined.set(values, filled)
    filled += values.length
  }
  return new Uint8Array(joined.buffer)
}
