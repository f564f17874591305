import { beforeEach, expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import { Importing } from '../../../../src-renderer/state/importing.svelte'
import { Library } from '../../../../src-renderer/state/library.svelte'
import { Opening } from '../../../../src-renderer/state/opening.svelte'
import { Toasts } from '../../../../src-renderer/state/toasts.svelte'
import { Place } from '../../../../src-renderer/state/view.svelte'
import { receiveFiles, receivePath, type Doors } from '../../../../src-renderer/views/data/receive'
import type { FileDoor } from '../../../../src-renderer/workbench'
import { FakeWorkbench, presets } from '../../fake-workbench'
import { sessionOver, settle } from '../../settled-session'

let workbench: FakeWorkbench
let doors: Doors
let door: FileDoor

beforeEach(async () => {
  workbench = new FakeWorkbench()
  const session = sessionOver(workbench)
  void session.stay()
  await settle()
  door = { pathOf: () => undefined, send: (files) => Promise.resolve(`/uploads/${files[0].path}`) }
  const files: FileDoor = { pathOf: (file) => door.pathOf(file), send: (...order) => door.send(...order) }
  const toasts = new Toasts(() => () => {})
  const library = new Library(session, toasts)
  doors = {
    session,
    library,
    place: new Place({ hash: '', write: () => {} }),
    opening: new Opening(session, toasts, files),
    importing: new Importing(session, library, files)
  }
})

const picked = (path: string, text = 'x') => ({ path, file: new File([text], path) })
const where = () => [doors.place.view, doors.opening.name, doors.importing.name]

test('a file of data is opened as data', async () => {
  await receiveFiles(doors, [picked('digits')])
  expect(where()).toEqual(['data', 'digits', undefined])
})

test('a file of a model is imported', async () => {
  await receiveFiles(doors, [picked('small.keras')])
  expect(where()).toEqual(['experiment', undefined, 'small.keras'])
})

test('an experiment becomes the draft', async () => {
  const experiment = { ...presets[0].experiment, name: 'sent by someone' }
  await receiveFiles(doors, [picked('mine.json', JSON.stringify(experiment))])
  expect([...where(), doors.session.draft.value?.name]).toEqual([
    'experiment',
    undefined,
    undefined,
    'sent by someone'
  ])
})

test('a folder of which only the path is known is asked for what it is', async () => {
  door.pathOf = (file) => `/home/user/${file.name}`
  await receiveFiles(doors, [picked('digits')])
  expect(where()).toEqual(['data', '/home/user/digits', undefined])
  Object.assign(workbench.handlers, {
    'model.inspect': ({ path }: { path: string }) => ({
      path,
      format: 'tfjs',
      layers: [],
      parameters: 0,
      notes: []
    })
  })
  await receiveFiles(doors, [picked('exported')])
  expect(where()).toEqual(['experiment', '/home/user/digits', '/home/user/exported'])
})

test('a damaged model is imported too, which says what is wrong with it', async () => {
  const refuse = (): never => {
    throw new Failure('import.notHdf5', { path: '/noise.h5' })
  }
  Object.assign(workbench.handlers, { 'model.inspect': refuse, 'model.import': refuse })
  await receivePath(doors, '/noise.h5')
  expect([...where(), doors.importing.error instanceof Failure && doors.importing.error.key]).toEqual([
    'experiment',
    undefined,
    '/noise.h5',
    'import.notHdf5'
  ])
})
