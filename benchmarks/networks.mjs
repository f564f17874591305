// The networks that benchmarks train, in the words of an experiment, and random data of their shapes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {'cnn' | 'mlp' | 'resnet' | 'gru'} Network */
/** @type {Record<Network, string>} */
export const networks = {
  cnn: 'reference CNN, 28×28',
  mlp: 'MLP 784-512-512-10',
  resnet: 'small ResNet with batch norm, 32×32×3',
  gru: 'GRU 64 over 28 rows'
}

const pool = { use: 'maxPooling2d', size: 2 }
const relu = { activation: 'relu' }
const conv = { use: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', useBias: false }
const normalized = { use: 'batchNormalization' }
const acting = { use: 'activation', ...relu }
const residual = { use: 'residual', layers: [conv, normalized, acting, conv, normalized], ...relu }
const output = { use: 'dense', units: 10 }

/** @type {Record<Network, object[]>} */
const layers = {
  cnn: [
    { use: 'conv2d', filters: 32, kernelSize: 3, ...relu },
    pool,
    { use: 'flatten' },
    { use: 'dense', units: 128, ...relu },
    { use: 'dropout', rate: 0.5 },
    output
  ],
  mlp: [
    { use: 'flatten' },
    { use: 'dense', units: 512, ...relu },
    { use: 'dense', units: 512, ...relu },
    output
  ],
  resnet: [conv, normalized, acting, residual, residual, residual, { use: 'globalAveragePooling2d' }, output],
  gru: [{ use: 'reshape', shape: [28, 28] }, { use: 'gru', units: 64 }, output]
}
/** @type {Record<Network, number[]>} */
const shapes = { cnn: [28, 28, 1], mlp: [28, 28, 1], resnet: [32, 32, 3], gru: [28, 28, 1] }

/** So many samples of bytes, as pictures have them, and labels; as many as MNIST has to train, and as an epoch of the others. */
const SAMPLES = 54_000

/**
 * An experiment of a network over random bytes, which are written below a folder.
 * @param {Network} network
 * @param {string} folder
 * @param {{ batch: number, telemetry?: string, layers?: object[] }} options
 */
export function experimentOf(network, folder, { batch, telemetry = 'normal', layers: own }) {
  const shape = shapes[network]
  const path = join(folder, `${shape.join('-')}.npy`)
  const labels = join(folder, 'labels.npy')
  mkdirSync(folder, { recursive: true })
  writeArray(path, [SAMPLES, ...shape], '|u1', (count) => Uint8Array.from({ length: count }, noise()))
  writeArray(labels, [SAMPLES], '<i4', (count) =>
    Int32Array.from({ length: count }, (_, index) => index % 10)
  )
  return {
    version: 1,
    name: network,
    data: {
      source: { use: 'npy', path, labels },
      prepare: [{ use: 'scale', by: 1 / 255 }],
      limit: { train: SAMPLES, test: 100 }
    },
    model: { layers: own ?? layers[network] },
    loss: { use: 'softmaxCrossEntropy' },
    gradients: [{ use: 'adam', rate: 0.001 }],
    training: { batchSize: batch, epochs: 1000 },
    telemetry
  }
}

/** Bytes that repeat after a long time (a linear congruential generator, Numerical Recipes). */
function noise() {
  let state = 1
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24
}

/**
 * Writes an array in NumPy's format, version 1.0, if it is not there.
 * @param {string} path
 * @param {number[]} shape
 * @param {string} type
 * @param {(count: number) => Uint8Array | Int32Array} make
 */
function writeArray(path, shape, type, make) {
  if (existsSync(path)) return
  const about = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`
  const header = about.padEnd(64 * Math.ceil((about.length + 11) / 64) - 11) + '\n'
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8])
  const values = make(shape.reduce((product, size) => product * size, 1))
  writeFileSync(path, Buffer.concat([start, Buffer.from(header), Buffer.from(values.buffer)]))
}
