import { join } from 'node:path'
import { expect, test } from 'vitest'
import { h5 } from '../../../src-main/importers/formats/h5'

const open = (name: string) => h5.open(join(import.meta.dirname, '../../fixtures/models', name))
const tensorsOf = async (name: string, layer: string) => {
  const file = await open(name)
  const tensors = file.tensorsOf({ name: layer, className: 'Dense', place: 0 })
  const read = tensors.map(({ name, shape, read }) => ({ name, shape, count: read().length }))
  file.close()
  return read
}

test.each(['functional.h5', 'keras2-functional.h5', 'parts.h5'])(
  'the tensors of a layer in %s',
  async (name) => {
    expect(await tensorsOf(name, 'body')).toEqual([
      { name: 'kernel', shape: [5, 4], count: 20 },
      { name: 'bias', shape: [4], count: 4 }
    ])
    expect(await tensorsOf(name, 'nobody')).toEqual([])
  }
)

test('a file tells which Keras wrote it, and how the model was compiled', async () => {
  const file = await open('keras2-images.h5')
  expect(file.madeBy).toBe('Keras 2.21.0')
  expect(file.compiled).toMatchObject({
    loss: 'categorical_crossentropy',
    optimizer: { class_name: 'Custom>Adam' }
  })
  file.close()
  const plain = await open('functional.h5')
  expect(plain.compiled).toBeUndefined()
  plain.close()
})
