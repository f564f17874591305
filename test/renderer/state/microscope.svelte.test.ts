import { expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import { Microscope } from '../../../src-renderer/state/microscope.svelte'
import { Works } from '../../../src-renderer/state/works.svelte'
import { replayWith } from '../../fixtures/replay'

/** A workbench that answers each request with what is given for it, and what it was asked. */
function open(answers: Record<string, (input: never) => unknown>) {
  const asked: { name: string; input: unknown }[] = []
  const call = (async (name: string, input: unknown) => {
    asked.push({ name, input })
    return answers[name]?.(input as never)
  }) as never
  return { asked, microscope: new Microscope({ call, works: new Works(call, 'window') }) }
}
const detail = { listing: { name: 'digits' }, current: { data: { source: { use: 'digits' } } } }

test('looking at a run asks for its steps by a name, and for the data of their samples', async () => {
  const replay = replayWith()
  const data = { name: 'digits' }
  const { asked, microscope } = open({
    'run.replay': () => replay,
    'run.open': () => detail,
    'data.describe': () => data
  })
  microscope.look('one', { from: 3, to: 9 })
  await microscope.task?.over
  expect(microscope.task?.value).toEqual({ name: 'digits', replay, data, source: { use: 'digits' } })
  expect(asked[0]).toEqual({
    name: 'run.replay',
    input: { run: 'one', steps: { from: 3, to: 9 }, work: 'window-1' }
  })
})

test('closing it calls off what is under way, and so does looking at another run', () => {
  const { asked, microscope } = open({ 'run.replay': () => new Promise(() => {}) })
  microscope.look('one')
  microscope.look('other')
  expect(microscope.run).toBe('other')
  microscope.close()
  expect(microscope.task).toBeUndefined()
  expect(asked.filter(({ name }) => name === 'work.cancel').map(({ input }) => input)).toEqual([
    { work: 'window-1' },
    { work: 'window-2' }
  ])
})

test('what cannot be run again says why', async () => {
  const { microscope } = open({
    'run.replay': () => Promise.reject(new Failure('replay.atWork', { run: 'one' })),
    'run.open': () => detail
  })
  microscope.look('one')
  await microscope.task?.over
  expect(microscope.task?.error).toMatchObject({ key: 'replay.atWork' })
})
