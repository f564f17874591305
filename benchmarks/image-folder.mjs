// `node benchmarks/image-folder.mjs [--images N] [--json]`: how long N small images (28 × 28 PNG files in ten folders,
// 100,000 without the option) take until they are ready to train, the first time and the second time. Each time is that
// of a new worker process, from its start to its answer. Prints one table, or one JSON object.
import { fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { crc32, deflateSync } from 'node:zlib'
import { makeHome, root } from './product.mjs'
import { fail } from './tables.mjs'

const CLASSES = 10
const SIDE = 28
const worker = join(root, 'out', 'main', 'worker.js')

const { values: options } = parseArgs({
  options: { images: { type: 'string', default: '100000' }, json: { type: 'boolean', default: false } }
})
const count = Number(options.images)
if (!Number.isInteger(count) || count < CLASSES)
  fail(`--images must be a whole number of ${CLASSES} or more, not ${options.images}`)

const home = makeHome()

const path = join(home, 'images')
process.stderr.write(`Writing ${count} images …\n`)
writeImages()
const first = await prepare()
const second = await prepare()
if (first.counts.train !== count) throw new Error(`${first.counts.train} of ${count} images were read`)
report()

/** Writes pictures that are all different, as many in the folder of each class. */
function writeImages() {
  for (let label = 0; label < CLASSES; label++) mkdirSync(join(path, String(label)), { recursive: true })
  const lines = Buffer.alloc(SIDE * (SIDE + 1))
  for (let index = 0; index < count; index++) {
    // A soft blot at a place of its own, as large and as compressible as a digit; the number makes it unique.
    const [x0, y0] = [6 + (index % 17), 6 + ((index * 7) % 16)]
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        lines[y * (SIDE + 1) + 1 + x] = Math.max(0, 255 - 12 * ((x - x0) ** 2 + (y - y0) ** 2))
    lines.writeUInt32BE(index, 1)
    writeFileSync(join(path, String(index % CLASSES), `${index}.png`), pngOf(lines))
  }
}

/**
 * A gray PNG file of 8 bits from its lines, each behind a byte for its filter.
 * @param {Buffer} lines
 */
function pngOf(lines) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIDE, 0)
  header.writeUInt32BE(SIDE, 4)
  header[8] = 8
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...parts])
}

/**
 * @param {string} type
 * @param {Buffer} content
 */
function chunk(type, content) {
  const bytes = Buffer.alloc(12 + content.length)
  bytes.writeUInt32BE(content.length, 0)
  bytes.write(type, 4, 'latin1')
  content.copy(bytes, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length)
  return bytes
}

/**
 * Asks a new worker to prepare the folder.
 * @returns {Promise<{ seconds: number, counts: { train: number } }>}
 */
async function prepare() {
  const begun = performance.now()
  const child = fork(worker, [], { serialization: 'advanced', execArgv: ['--max-old-space-size=2048'] })
  const answer = new Promise((settle, refuse) => {
    child.on('message', (/** @type {any} */ message) => {
      if (message.kind === 'reply') settle(message.value)
      else if (message.kind !== 'event') refuse(new Error(JSON.stringify(message)))
    })
    child.once('exit', () => refuse(new Error('the worker ended')))
  })
  const input = { source: { use: 'imageFolder', path }, library: home }
  child.send({ kind: 'request', id: 1, name: 'prepare', input })
  const { summary } = await answer
  const seconds = (performance.now() - begun) / 1000
  child.kill()
  return { seconds, counts: summary.counts }
}

function report() {
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version
  }
  const perSecond = Math.round(count / first.seconds)
  if (options.json) {
    const result = { images: count, first: first.seconds, second: second.seconds, perSecond, ...machine }
    process.stdout.write(`${JSON.stringify(result)}\n`)
    return
  }
  const rows = [
    ['images', String(count)],
    ['first time', `${first.seconds.toFixed(1)} s (${perSecond} images/s)`],
    ['second time', `${second.seconds.toFixed(2)} s`],
    ['machine', `${machine.processor}, ${machine.cores} cores, Node ${machine.node}`]
  ]
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(12)} ${value}\n`)
}
