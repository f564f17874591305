import { beforeEach, expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import type { Session } from '../../../../src-renderer/state/session.svelte'
import { Lesson } from '../../../../src-renderer/views/learn/lesson.svelte'
import { FakeWorkbench } from '../../fake-workbench'
import { sessionOver, settle } from '../../settled-session'

let workbench: FakeWorkbench
let session: Session
let lesson: Lesson

const chosen = (): string[] => lesson.chosen.map(({ id }) => id)

/** A lesson over a workbench, whose connection stands. */
async function open(): Promise<void> {
  session = sessionOver(workbench)
  void session.stay()
  await settle()
  lesson = new Lesson(session)
}

beforeEach(async () => {
  workbench = new FakeWorkbench()
  await open()
})

test('the studies are asked for once', async () => {
  await Promise.all([lesson.read(), lesson.read()])
  await lesson.read()
  expect([
    workbench.calls.filter(({ name }) => name === 'study.list').length,
    lesson.known,
    lesson.activations?.cells.length,
    lesson.pair?.cells.length
  ]).toEqual([1, true, 12, 2])
})

test('studies that cannot be read are asked for again the next time', async () => {
  const failure = new Failure('storage.notFound', { path: 'activations.study.json' })
  let fails = true
  workbench.handlers = {
    ...workbench.handlers,
    'study.list': () => {
      if (fails) throw failure
      return []
    }
  }
  await open()
  await lesson.read()
  const first = [lesson.known, lesson.error instanceof Failure]
  fails = false
  await lesson.read()
  expect([first, lesson.known, lesson.error]).toEqual([[false, true], true, undefined])
})

test('sigmoid and ReLU at middling depth are drawn first', async () => {
  await lesson.read()
  expect(chosen()).toEqual([
    'sigmoid · Glorot · 2',
    'relu · Glorot · 2',
    'sigmoid · N(0, 1) · 2',
    'relu · N(0, 1) · 2'
  ])
})

test('a cell is drawn when it is chosen, and the first one makes room for a seventh', async () => {
  await lesson.read()
  const [first, , third, fourth] = lesson.activations?.cells ?? []
  lesson.toggle(first)
  lesson.toggle(third)
  const six = chosen().length
  lesson.toggle(fourth)
  const seventh = chosen()
  lesson.toggle(fourth)
  expect([six, seventh.length, seventh[0], seventh.at(-1), chosen().length, lesson.isChosen(fourth)]).toEqual(
    [6, 6, 'relu · Glorot · 2', fourth.id, 5, false]
  )
})

test('another depth keeps the activations and initializers that are drawn', async () => {
  await lesson.read()
  lesson.look('4')
  const deep = chosen()
  lesson.look(undefined)
  expect([deep.toSorted(), chosen()]).toEqual([
    ['relu · Glorot · 4', 'relu · N(0, 1) · 4', 'sigmoid · Glorot · 4', 'sigmoid · N(0, 1) · 4'],
    deep
  ])
})
