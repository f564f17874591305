import { describe, expect, it } from 'vitest'
import { parseSample, sampleGpu } from '../../../src-main/engine/gpu/sample'

describe('parseSample', () => {
  it('reads number, name, percent and mebibytes', () => {
    expect(parseSample('0, NVIDIA A100-SXM4-40GB, 37, 2048, 40960\n')).toEqual({
      index: 0,
      name: 'NVIDIA A100-SXM4-40GB',
      percent: 37,
      usedMebibytes: 2048,
      totalMebibytes: 40960
    })
  })

  it.each([
    ['nothing', ''],
    ['a complaint', 'NVIDIA-SMI has failed because it could not talk to the driver.'],
    ['a value that the card does not tell', '0, Tesla K80, [N/A], 11, 11441'],
    ['a value with its unit', '0, Tesla K80, 3 %, 11, 11441'],
    ['too few values', '0, Tesla K80, 3, 11'],
    ['a second card', '0, Tesla K80, 3, 11, 11441\n1, Tesla K80, 3, 11, 11441'],
    ['more than all of the time', '0, Tesla K80, 101, 11, 11441'],
    ['more than all of the memory', '0, Tesla K80, 3, 11442, 11441'],
    ['no memory', '0, Tesla K80, 3, 0, 0'],
    ['no name', '0, , 3, 11, 11441']
  ])('makes nothing of %s', (_, output) => {
    expect(parseSample(output)).toBeUndefined()
  })
})

describe('sampleGpu', () => {
  it('asks for the one card that is used', async () => {
    const asked: string[][] = []
    const run = async (program: string, parameters: string[]) => {
      asked.push([program, ...parameters])
      return { code: 0, output: '3, Tesla K80, 3, 11, 11441' }
    }
    expect(await sampleGpu('3', run)).toMatchObject({ index: 3, percent: 3 })
    expect(asked).toEqual([
      [
        'nvidia-smi',
        '--query-gpu=index,name,utilization.gpu,memory.used,memory.total',
        '--format=csv,noheader,nounits',
        '-i',
        '3'
      ]
    ])
  })

  it('knows nothing where the program is missing, fails or hangs', async () => {
    expect(await sampleGpu('0', async () => ({ code: 127, output: '0, K80, 3, 11, 11441' }))).toBeUndefined()
    expect(await sampleGpu('0', () => Promise.reject(new Error('aborted')))).toBeUndefined()
  })
})
