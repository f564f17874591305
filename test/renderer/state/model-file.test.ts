import { expect, test } from 'vitest'
import { holdModel } from '../../../src-renderer/state/model-file'

const picked = (path: string, text = '') => ({ path, file: new File([text], path) })
const TOPOLOGY = '{"format":"layers-model","modelTopology":{}}'

test.each([
  [[picked('digits.keras')], true],
  [[picked('DIGITS.H5')], true],
  [[picked('digits.csv')], false],
  [[picked('any-name.json', TOPOLOGY)], true],
  [[picked('rows.json', '{"values":[1,2]}')], false],
  [[picked('my/model.json', TOPOLOGY), picked('my/weights.bin')], true],
  [[picked('model.json', TOPOLOGY), picked('group1-shard1of1.bin')], true],
  [[picked('my/a/b/model.json', TOPOLOGY)], false],
  [[picked('data/a.h5'), picked('data/b.h5')], false],
  [[], false]
])('files are a model where one of them says so (%#)', async (files, expected) => {
  expect(await holdModel(files)).toBe(expected)
})
