import { Failure } from '#contract/failure'
import { expect, test } from 'vitest'
import { fileNameOf, readExperiment, writeExperiment } from '../../../src-renderer/state/experiment-file'
import { presets } from '../fake-workbench'

const keyOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof Failure) return error.key
    throw error
  }
  return 'read'
}

test('an experiment that was written is read back as it was', () => {
  expect(presets.map(({ experiment }) => readExperiment(writeExperiment(experiment)))).toEqual(
    presets.map(({ experiment }) => experiment)
  )
})

test('what is no experiment is refused with its reason', () => {
  expect(
    ['{', '3', '{"version":1}', ' '.repeat(5_000_001)].map((text) => keyOf(() => readExperiment(text)))
  ).toEqual([
    'window.experiment.notJson',
    'experiment.wrongType',
    'experiment.missing',
    'window.experiment.tooLong'
  ])
})

test("a file's name keeps the letters of any language and nothing that leads elsewhere", () => {
  expect([
    fileNameOf('my digits', 'x'),
    fileNameOf('数字 识别', 'x'),
    fileNameOf('../../etc/passwd', 'x'),
    fileNameOf('///', 'run-1')
  ]).toEqual(['my-digits', '数字-识别', 'etc-passwd', 'run-1'])
})
