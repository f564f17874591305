// Milliseconds of one training step of TensorFlow.js as its users have it: `model.fit` of a layers model on the native
// engine with its own kernels, the mean over an epoch. tfjs-fit.mjs NETWORK BATCH SECONDS ENGINE, where ENGINE is the
// folder of an installed engine. Prints one JSON object.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import util from 'node:util'

util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
const require = createRequire(import.meta.url)
const tf = require('@tensorflow/tfjs-core')
const { layers, model: modelOf, input, train } = { ...require('@tensorflow/tfjs-layers'), train: tf.train }
const PACKAGE = '@tensorflow/tfjs-node-gpu'

const [network, batchText, secondsText, engine] = process.argv.slice(2)
const [batch, seconds] = [Number(batchText), Number(secondsText)]
const binding = require(join(engine, 'tfjs_binding.node'))
const { NodeJSKernelBackend } = require(`${PACKAGE}/dist/nodejs_kernel_backend.js`)
require(`${PACKAGE}/dist/register_all_kernels.js`)
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, PACKAGE))
await tf.setBackend('tensorflow')

const WARM_UP = 5
const LEAST_STEPS = 10
const shapes = { cnn: [28, 28, 1], mlp: [784], resnet: [32, 32, 3], gru: [28, 28] }

function build() {
  const start = input({ shape: shapes[network] })
  const conv = (x) => layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', useBias: false }).apply(x)
  const normalized = (x) => layers.batchNormalization().apply(x)
  const relu = (x) => layers.activation({ activation: 'relu' }).apply(x)
  const dense = (x, units, activation) => layers.dense({ units, activation }).apply(x)
  let x = start
  if (network === 'cnn') {
    x = layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }).apply(x)
    x = layers.maxPooling2d({ poolSize: 2 }).apply(x)
    x = dense(layers.flatten().apply(x), 128, 'relu')
    x = layers.dropout({ rate: 0.5 }).apply(x)
  } else if (network === 'mlp') x = dense(dense(x, 512, 'relu'), 512, 'relu')
  else if (network === 'resnet') {
    x = relu(normalized(conv(x)))
    for (let block = 0; block < 3; block++) {
      const branch = normalized(conv(relu(normalized(conv(x)))))
      x = relu(layers.add().apply([x, branch]))
    }
    x = layers.globalAveragePooling2d({}).apply(x)
  } else x = layers.gru({ units: 64, resetAfter: false }).apply(x)
  return modelOf({ inputs: start, outputs: dense(x, 10, 'softmax') })
}

const model = build()
model.compile({ optimizer: train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' })

/** @param {number} steps */
async function fit(steps) {
  const x = tf.randomUniform([batch * steps, ...shapes[network]])
  const y = tf.tensor1d(Float32Array.from({ length: batch * steps }, (_, index) => index % 10))
  const started = performance.now()
  await model.fit(x, y, { batchSize: batch, epochs: 1, verbose: 0, shuffle: false })
  const milliseconds = (performance.now() - started) / steps
  tf.dispose([x, y])
  return milliseconds
}

await fit(WARM_UP)
const first = await fit(LEAST_STEPS)
const steps = Math.max(LEAST_STEPS, Math.min(200, Math.round((1000 * seconds) / first)))
process.stdout.write(`${JSON.stringify({ milliseconds: await fit(steps) })}\n`)
