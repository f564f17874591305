// The window as it is, on a workbench that trains nothing: `?scene=` says what it shows, `bench` is what the
// benchmark calls.
import '../../src-renderer/without-eval'
import '../../src-renderer/style/tokens.css'
import '../../src-renderer/style/base.css'
import { parseExperiment } from '#contract/experiment'
import { randomFrom } from '#contract/random'
import { columnOf, layerColumnOf, rowWidth, StepFlag, type StepWindow } from '#contract/step-rows'
import { mount } from 'svelte'
import App from '../../src-renderer/App.svelte'
import { FakeWorkbench } from '../../test/renderer/fake-workbench'

const LAYERS = 20
const LONG_RUN = 1_000_000
const WIDTH = rowWidth(LAYERS)

const experiment = parseExperiment({
  version: 1,
  name: 'twenty layers',
  data: { source: { use: 'mnist' } },
  model: {
    layers: [
      { use: 'flatten' },
      ...Array.from({ length: LAYERS - 1 }, () => ({ use: 'dense', units: 64, activation: 'tanh' }) as const),
      { use: 'dense', units: 10 }
    ]
  },
  loss: { use: 'softmaxCrossEntropy' },
  gradients: [
    { use: 'clipByGlobalNorm', max: 1 },
    { use: 'sgd', rate: 0.1 }
  ],
  training: { batchSize: 128, steps: LONG_RUN }
})

/** Noise as norms have it, made beforehand so that no frame pays for it. */
const random = randomFrom(1)
const noises = Float32Array.from({ length: 65_536 }, () => Math.exp((random() - 0.5) * 0.9))
let drawn = 0
const noise = (): number => noises[drawn++ & (noises.length - 1)]

/** Writes a row with noise into an array, with a spike, a zero and a NaN now and then. */
function fill(values: Float32Array, offset: number, step: number): void {
  values[offset + columnOf('loss')] = (2 * Math.exp(-step / 3000) + 0.1) * noise()
  values[offset + columnOf('accuracy')] = 0.9 * noise() * 0.7
  values[offset + columnOf('mae')] = NaN
  values[offset + columnOf('epoch')] = step / 422
  values[offset + columnOf('rate')] = 0.1
  values[offset + columnOf('threshold')] = 1
  values[offset + columnOf('gradientBefore')] = 2 * noise()
  values[offset + columnOf('gradientAfter')] = 1
  values[offset + columnOf('flags')] = step % 3 === 0 ? StepFlag.clipped : 0
  for (let layer = 0; layer < LAYERS; layer++) {
    const norm = 10 ** ((layer - LAYERS) / 3) * noise() * (step % 997 === 0 ? 50 : 1)
    const odd = layer === 3 && step % 1511 === 0 ? NaN : layer === 5 && step % 211 === 0 ? 0 : norm
    values[offset + layerColumnOf(layer, 'gradientBefore')] = odd
    values[offset + layerColumnOf(layer, 'gradientAfter')] = odd / 2
    values[offset + layerColumnOf(layer, 'update')] = norm * 1e-3
    values[offset + layerColumnOf(layer, 'weight')] = 4
  }
}

/** Steps of the long run in so many buckets, made up as they are asked for. */
function makeWindow(points: number, from = 1, to = LONG_RUN): StepWindow {
  const size = Math.max(1, Math.ceil((to - from + 1) / points))
  const steps = Float64Array.from({ length: Math.ceil((to - from + 1) / size) }, (_, at) => from + at * size)
  const minima = new Float32Array(steps.length * WIDTH)
  steps.forEach((step, at) => fill(minima, at * WIDTH, step))
  const maxima = size === 1 ? minima : minima.map((value) => value * 1.4)
  return { from, to, last: LONG_RUN, width: WIDTH, steps, minima, maxima }
}

const scene = new URLSearchParams(location.search).get('scene')
const fake = new FakeWorkbench()
let told = 0

if (scene === 'stream' || scene === 'long') {
  await fake.handlers['run.start']({ experiment })
  const [run] = fake.runs.values()
  if (scene === 'long') {
    run.state = 'completed'
    Object.defineProperty(run, 'rows', { value: { length: LONG_RUN } })
    fake.handlers = {
      ...fake.handlers,
      'run.window': ({ points, from, to }) => makeWindow(points, from, to)
    }
  }
  location.hash = `run=${run.id}`
}

const nextFrame = (): Promise<number> => new Promise((drawn) => requestAnimationFrame(drawn))

/** Announces the next steps, which are kept nowhere. */
function stream(count: number): void {
  const [run] = fake.runs.values()
  const values = new Float32Array(count * WIDTH)
  for (let row = 0; row < count; row++) fill(values, row * WIDTH, told + row + 1)
  fake.announce({ type: 'run.steps', run: run.id, batch: { first: told + 1, count, width: WIDTH, values } })
  told += count
  const progress = { ...run.progress(), step: told, epoch: told / 422 }
  fake.announce({ type: 'run.progress', run: run.id, progress })
}

/** Announces so many steps at this speed until the page closes. */
function streamOn(stepsPerSecond: number, messagesPerSecond: number): void {
  setInterval(() => stream(stepsPerSecond / messagesPerSecond), 1000 / messagesPerSecond)
}

/** Announces very many steps, as many with each frame as a message may hold. */
async function streamAll(steps: number): Promise<void> {
  for (let sent = 0; sent < steps; sent += 250) {
    stream(250)
    await nextFrame()
  }
}

/** Counts frames per second and the milliseconds of long tasks for a while. */
async function watch(milliseconds: number): Promise<{ frames: number; tasks: number[] }> {
  const tasks: number[] = []
  const observer = new PerformanceObserver((list) =>
    tasks.push(...list.getEntries().map(({ duration }) => duration))
  )
  observer.observe({ type: 'longtask' })
  const begin = performance.now()
  let frames = 0
  let now = begin
  while (now - begin < milliseconds) {
    now = await nextFrame()
    frames++
  }
  observer.disconnect()
  return { frames: (frames * 1000) / (now - begin), tasks }
}

/** Zooms in by the wheel, moves by keys and zooms out, one event for each frame; answers with the frames' milliseconds. */
async function zoomAndPan(events: number): Promise<number[]> {
  const plot = document.querySelector<HTMLElement>('.plot[role=slider]')
  if (!plot) throw new Error('there is no plot')
  const { left, top, width, height } = plot.getBoundingClientRect()
  const place = { clientX: left + width / 3, clientY: top + height / 2, bubbles: true, cancelable: true }
  const turn = (deltaY: number): boolean =>
    plot.dispatchEvent(new WheelEvent('wheel', { ...place, altKey: true, deltaY }))
  const move = (key: string): boolean =>
    plot.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: true, bubbles: true }))
  const times: number[] = []
  let last = await nextFrame()
  for (let index = 0; index < events; index++) {
    const part = Math.floor((index * 3) / events)
    if (part === 1) move(index % 2 ? 'ArrowLeft' : 'ArrowRight')
    else turn(part === 0 ? -60 : 60)
    const now = await nextFrame()
    times.push(now - last)
    last = now
  }
  return times
}

Object.assign(window, { bench: { streamOn, streamAll, watch, zoomAndPan } })

mount(App, {
  target: document.body,
  props: {
    open: async () => fake.wire().wire,
    door: { pathOf: () => undefined, send: () => Promise.reject(new Error('nothing is sent here')) }
  }
})
