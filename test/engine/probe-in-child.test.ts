import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { probeInChild } from '../../src-main/engine/probe-in-child'
import { temporaryFolder } from '../fixtures/folder'

const { signal } = new AbortController()

/** A script that plays the probing process. */
async function entry(code: string): Promise<string> {
  const path = join(await temporaryFolder(), 'entry.mjs')
  await writeFile(path, code)
  return path
}

describe('probeInChild', () => {
  it('is content with a report that names nothing wrong', async () => {
    const script = await entry(`console.log('chatter'); console.log('{"version":"1","wrong":[]}')`)
    await expect(probeInChild(script, '/engine', signal)).resolves.toBeUndefined()
  })

  it('hands on the folder, and the environment that the engine needs', async () => {
    const script = await entry(`
      const right = process.argv.slice(2).join(' ') === '--probe /engine' && process.env.TF_CPP_MIN_LOG_LEVEL === '2'
      console.log(JSON.stringify({ wrong: right ? [] : [process.argv.join(' ')] }))`)
    await expect(probeInChild(script, '/engine', signal)).resolves.toBeUndefined()
  })

  it('refuses an engine that computes something wrong, by the name of it', async () => {
    const script = await entry(`console.log('{"version":"1","wrong":["convolution"]}')`)
    await expect(probeInChild(script, '/engine', signal)).rejects.toMatchObject({
      key: 'engine.probeFailed',
      values: { problem: 'convolution' }
    })
  })

  it('refuses an engine that cannot be loaded, with why', async () => {
    const script = await entry(`console.log('{"problem":"no such file"}')`)
    await expect(probeInChild(script, '/engine', signal)).rejects.toMatchObject({
      key: 'engine.probeFailed',
      values: { problem: 'no such file' }
    })
  })

  it('refuses an engine that computes rightly, but not on the graphics card that was asked for', async () => {
    const script = await entry(`console.log('{"version":"1","wrong":[],"isOnGpu":false}')`)
    await expect(probeInChild(script, '/engine', signal, { onGpu: true })).rejects.toMatchObject({
      key: 'engine.probeWithoutGpu',
      kind: 'engine'
    })
  })

  it('is content with right numbers from a graphics card, in the environment that chooses it', async () => {
    const script = await entry(
      `console.log(JSON.stringify({ wrong: [], isOnGpu: process.env.CUDA_VISIBLE_DEVICES === '3' }))`
    )
    const environment = { CUDA_VISIBLE_DEVICES: '3' }
    await expect(
      probeInChild(script, '/engine', signal, { onGpu: true, environment })
    ).resolves.toBeUndefined()
  })

  it('survives an engine that ends its process, and says how', async () => {
    const script = await entry(`process.kill(process.pid, 'SIGILL')`)
    await expect(probeInChild(script, '/engine', signal)).rejects.toMatchObject({
      key: 'engine.probeDied',
      kind: 'engine',
      values: { signal: 'SIGILL' }
    })
  })

  it('says what a process complained about that gave no report', async () => {
    const script = await entry(`console.error('cannot find it'); process.exit(1)`)
    await expect(probeInChild(script, '/engine', signal)).rejects.toMatchObject({
      key: 'engine.probeFailed',
      values: { problem: 'cannot find it' }
    })
  })

  it('ends the process when it is cancelled', async () => {
    const controller = new AbortController()
    const script = await entry('setInterval(() => {}, 1e6)')
    const probing = probeInChild(script, '/engine', controller.signal)
    controller.abort()
    await expect(probing).rejects.toMatchObject({ key: 'engine.cancelled' })
  })
})
