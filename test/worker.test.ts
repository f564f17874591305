import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build } from 'vite'
import { Failure } from '#contract/failure'
import { connect, type Client } from '#contract/wire'
import type { WorkerEvent, WorkerRequests } from '#contract/worker'
import type { ChildPort } from '../src-main/application/ports'
import { forkProcess } from '../src-main/shells/node/forked-process'
import { datasetOf } from './fixtures/dataset'
import { folderWith } from './fixtures/files'
import { temporaryFolder } from './fixtures/folder'
import { tinyPng } from './fixtures/png'
import { artifactOf, experimentOf } from './exporters/artifact'
import { startCpu } from './oracles/cpu'

/*
 * The worker as it runs: bundled, in a process of its own. The bundle lies inside the project, because packages and
 * resources are found from there.
 */
let bundle: string
let child: ChildPort
let worker: Client<WorkerRequests, WorkerEvent>

beforeAll(async () => {
  const root = join(import.meta.dirname, '..')
  bundle = await mkdtemp(join(root, 'node_modules', '.steadygrad-worker-'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'src-main/worker.ts', outDir: bundle, target: 'node20' }
  })
  child = forkProcess({ entry: join(bundle, 'worker.js'), name: 'worker', environment: {}, execArgv: [] })
  worker = connect<WorkerRequests, WorkerEvent>(child.wire)
  await startCpu()
})
afterAll(async () => {
  child.kill()
  await child.exited
  await rm(bundle, { recursive: true, force: true })
})

test('it prepares a dataset and tells how far it is', async () => {
  const library = await temporaryFolder()
  const events: WorkerEvent[] = []
  const stop = worker.on((event) => events.push(event))
  const order = { source: { use: 'digits' }, library, work: 'mine' } as const
  const { folder, summary } = await worker.call('prepare', order)
  stop()
  expect({ inside: folder.startsWith(join(library, 'datasets')), counts: summary.counts }).toEqual({
    inside: true,
    counts: { train: 2000, test: 500 }
  })
  expect(events.map(({ work, message }) => [work, message.key])).toEqual([
    ['mine', 'data.reading'],
    ['mine', 'data.checking'],
    ['mine', 'data.writing']
  ])
})

test('work that is called off is left at its next step, and nothing of it stays', async () => {
  const library = await temporaryFolder()
  const order = { source: { use: 'digits' }, library, work: 'unwanted' } as const
  const prepared = worker.call('prepare', order)
  await Promise.all([
    expect(prepared).rejects.toMatchObject({ key: 'request.cancelled' }),
    worker.call('cancel', { work: 'unwanted' })
  ])
  expect(await readdir(join(library, 'datasets')).catch(() => [])).toEqual([])
})

test('it reads images with its library, and rows with its parser', async () => {
  const folder = await folderWith({
    'a/1.png': tinyPng(1),
    'b/2.png': await sharp(tinyPng(2)).png({ progressive: true }).toBuffer(),
    'b/broken.png': 'x',
    'table.csv': 'x,y\n1,0\n2,1\n'
  })
  const { classes, findings } = await worker.call('inspect', { path: folder })
  expect({ classes, names: findings.map(({ names }) => names) }).toEqual({
    classes: ['a', 'b'],
    names: [['b/broken.png'], ['table.csv']]
  })
  expect(await worker.call('inspect', { path: join(folder, 'table.csv') })).toMatchObject({ target: 'y' })
  const form = { path: join(folder, 'a', '1.png'), shape: [2, 2, 1], limit: 9 }
  expect(await worker.call('readSamples', form)).toEqual({
    count: 1,
    features: Float32Array.of(1, 0, 7, 255)
  })
})

test('it gives samples of a source', async () => {
  const library = await temporaryFolder()
  const question = { source: { use: 'digits' }, library, part: 'test', class: 3, count: 2 } as const
  const { targets, features } = await worker.call('samples', question)
  expect({ targets, values: features.length }).toEqual({ targets: [3, 3], values: 2 * 28 * 28 })
})

test('a file that is not there is a failure on the other side, and the worker lives on', async () => {
  const path = join(await temporaryFolder(), 'none')
  const failure = await worker.call('inspect', { path }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Failure)
  expect(failure).toMatchObject({ key: 'storage.notFound', values: { path } })
  const samples = worker.call('readSamples', { path, shape: [1], limit: 1 })
  await expect(samples).rejects.toMatchObject({ key: 'storage.notFound' })
})

test('it describes a model and exports one, with the check by TensorFlow.js', async () => {
  const experiment = experimentOf([{ use: 'flatten' }, { use: 'dense', units: 2 }])
  const data = datasetOf([3, 3, 1])
  const { parameters } = await worker.call('describeModel', { experiment, data })
  const path = join(await temporaryFolder(), 'model')
  const artifact = artifactOf(experiment, [3, 3, 1], 20)
  const { samples, largestDifference } = await worker.call('export', { artifact, format: 'tfjs', path })
  expect({ parameters, samples, same: largestDifference < 1e-5 }).toEqual({
    parameters: 20,
    samples: 20,
    same: true
  })
})

test('it ends when the process that started it lets go of it', async () => {
  const orphan = fork(join(bundle, 'worker.js'), [], { serialization: 'advanced' })
  await once(orphan, 'spawn')
  const ended = once(orphan, 'exit')
  orphan.disconnect()
  expect(await ended).toEqual([0, null])
})
