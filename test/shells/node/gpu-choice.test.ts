import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gpuChoice } from '../../../src-main/shells/node/gpu-choice'
import { temporaryFolder } from '../../fixtures/folder'

test.each([
  ['what the settings say', { gpu: 2, gpuMemory: 4096 }, { gpu: 2, gpuMemory: 4096 }],
  ['the first card without a limit where they say nothing', {}, { gpu: 0, gpuMemory: 0 }],
  ['the same for what is no setting', { gpu: -1, gpuMemory: 'all' }, { gpu: 0, gpuMemory: 0 }]
])('the card of the next training process is %s', async (_, stored, expected) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'settings.json'), JSON.stringify(stored))
  expect(gpuChoice(folder)).toEqual(expected)
})
