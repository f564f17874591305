import { expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import type { Call } from '../../../src-renderer/state/link.svelte'
import { Works } from '../../../src-renderer/state/works.svelte'

const asked: unknown[] = []
const call = ((name: string, input: unknown) => {
  asked.push([name, input])
  return Promise.resolve(null)
}) as Call

const progress = (work: string, share: number) =>
  ({ type: 'work.progress', work, message: { key: 'export.writing' }, share }) as const

test('each task hears of its own progress alone, and keeps what came of it', async () => {
  const works = new Works(call, 'left')
  let finish: (value: string) => void = () => {}
  const names: string[] = []
  const first = works.start((work) => {
    names.push(work)
    return new Promise<string>((resolve) => (finish = resolve))
  })
  const second = works.start((work) => {
    names.push(work)
    return Promise.resolve('at once')
  })
  works.hear(progress(names[0], 0.25))
  works.hear(progress('of another window', 0.5))
  expect([first.running, first.progress?.share, second.progress]).toEqual([true, 0.25, undefined])
  finish('in the end')
  await Promise.all([first.over, second.over])
  works.hear(progress(names[0], 0.75))
  expect([first.running, first.value, first.progress?.share, second.value]).toEqual([
    false,
    'in the end',
    0.25,
    'at once'
  ])
  expect(new Set(names).size).toBe(2)
})

test('a task that is called off is so by its name, and that is no error', async () => {
  const works = new Works(call, 'left')
  let refuse: (error: Error) => void = () => {}
  let name = ''
  const task = works.start((work) => {
    name = work
    return new Promise<never>((_, reject) => (refuse = reject))
  })
  task.cancel()
  refuse(new Failure('request.cancelled'))
  await task.over
  expect([asked.at(-1), task.cancelled, task.error, task.running]).toEqual([
    ['work.cancel', { work: name }],
    true,
    undefined,
    false
  ])
})

test('a task that fails says why', async () => {
  const failure = new Failure('storage.diskFull', { path: '/' })
  const task = new Works(call, 'left').start(() => Promise.reject(failure))
  await task.over
  expect([task.error, task.cancelled, task.value]).toEqual([failure, false, undefined])
})
