import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import type { ReadBack } from '../exporter'

/** What a `model.json` must hold to be loaded. */
interface ModelFile {
  modelTopology: object
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[]
}

/** Loads a written TensorFlow.js layers model with TensorFlow.js and answers for raw samples. */
export const readBackTfjs: ReadBack = async (folder, samples, shape) => {
  await startBackend()
  const model = await loadLayersModel({ load: () => loadArtifacts(folder) })
  const count = samples.length / shape.reduce((product, each) => product * each, 1)
  const inputs = tf.tensor(samples, [count, ...shape], 'float32')
  const outputs = model.predict(inputs) as tf.Tensor
  try {
    return Float32Array.from(await outputs.data())
  } finally {
    tf.dispose([inputs, outputs])
    model.dispose()
  }
}

async function startBackend(): Promise<void> {
  if (!(await tf.setBackend('wasm'))) await tf.setBackend('cpu')
}

async function loadArtifacts(folder: string): Promise<tf.io.ModelArtifacts> {
  const text = await readFile(join(folder, 'model.json'), 'utf8')
  const { modelTopology, weightsManifest } = JSON.parse(text) as ModelFile
  const groups = await Promise.all(
    weightsManifest.map(({ paths }) =>
      Promise.all(paths.map((path) => readFile(join(folder, basename(path)))))
    )
  )
  const bytes = Buffer.concat(groups.flat())
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  }
}
