import type { PreparationPlan } from '#contract/preparation'
import type { ModelArtifact } from '#contract/trainer'
import { ABOUT_FILE, type Exporter } from '../exporter'
import { outputForm } from '../outputs'
import { canPrepare, kerasModel, kerasRoles } from './keras-layers'

const MODEL_FILE = 'model.json'
const WEIGHTS_FILE = 'weights.bin'

/**
 * A TensorFlow.js layers model, for `tf.loadLayersModel`: `model.json`, and `weights.bin` with float32 values,
 * little-endian. It takes raw samples, with the preparation of the features as its first layers; where Keras has no
 * layers for that, it takes prepared ones, and `steadygrad.json` says how they are prepared.
 */
export const tfjs: Exporter = {
  format: 'tfjs',
  takes: (preparation) => (canPrepare(preparation) ? 'raw' : 'prepared'),
  async write(artifact, target) {
    const { layers, added } = kerasModel(artifact)
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

const inputOf = (preparation: PreparationPlan) =>
  canPrepare(preparation)
    ? { shape: preparation.sampleShape, values: 'raw' }
    : { shape: preparation.shape, values: 'prepared' }

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
