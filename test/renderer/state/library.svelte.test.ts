import { Failure } from '#contract/failure'
import { beforeEach, expect, test } from 'vitest'
import { Library } from '../../../src-renderer/state/library.svelte'
import { Overlay } from '../../../src-renderer/state/overlay.svelte'
import type { Session } from '../../../src-renderer/state/session.svelte'
import { Toasts } from '../../../src-renderer/state/toasts.svelte'
import { FakeWorkbench, presets } from '../fake-workbench'
import { sessionOver, settle } from '../settled-session'

let workbench: FakeWorkbench
let session: Session
let toasts: Toasts
let library: Library

const said = (): string[] => toasts.shown.map(({ message }) => message.key)

beforeEach(async () => {
  workbench = new FakeWorkbench()
  session = sessionOver(workbench)
  toasts = new Toasts(() => () => {})
  library = new Library(session, toasts)
  session.on(library.hear)
  void session.stay()
  await settle()
})

/** A run that has ended. */
async function train(): Promise<string> {
  await session.start()
  const run = workbench.find(session.run?.id ?? '')
  workbench.advance(run.steps, run)
  await settle()
  return run.id
}

test('a deleted run is gone from the list and the display, and comes back when that is undone', async () => {
  const id = await train()
  await library.deleteRun(session.runs[0])
  await settle()
  const gone = [session.runs.length, session.run, said()]
  toasts.shown.at(-1)?.action?.run()
  await settle()
  expect([gone, session.runs.map((listing) => listing.id)]).toEqual([
    [0, undefined, ['window.runs.deleted']],
    [id]
  ])
})

test('a run at work is not deleted, and the reason is said', async () => {
  await session.start()
  await library.deleteRun(session.runs[0])
  expect([session.problem instanceof Failure && session.problem.key, session.runs.length, said()]).toEqual([
    'run.alreadyActive',
    1,
    []
  ])
})

test('name and note of a run are kept and seen at once', async () => {
  const id = await train()
  await library.renameRun(id, 'the good one')
  await library.noteRun(id, 'rate 0.01')
  await settle()
  expect([session.listing?.name, session.listing?.note]).toEqual(['the good one', 'rate 0.01'])
})

test('what another window starts is said, and what it deletes while it is on display', async () => {
  const other = workbench.client()
  await other.call('run.start', { experiment: presets[0].experiment })
  const listing = workbench.listing(workbench.find('run-1'))
  library.hear({ type: 'run.listed', listing })
  await session.openRun('run-1')
  library.hear({ type: 'run.deleted', run: 'run-1' })
  expect(said()).toEqual(['window.runs.startedElsewhere', 'window.runs.deletedElsewhere'])
})

test('an experiment is saved, changed, saved in its place and saved as another one', async () => {
  await library.save('new')
  const first = [library.saved, library.experiments.length]
  session.draft.setOption('name', 'second')
  const changed = library.saved
  await library.save('file')
  await library.save('new')
  expect([first, changed, library.saved, library.experiments.map(({ name }) => name)]).toEqual([
    [true, 1],
    false,
    true,
    ['second', 'second']
  ])
})

test('an experiment that is opened becomes the draft, and undoing that brings back what was there', async () => {
  await library.save('new')
  const [stored] = library.experiments
  session.draft.setOption('name', 'unsaved')
  await library.open(stored)
  const opened = [session.draft.value?.name, library.saved, library.file?.id]
  toasts.shown.at(-1)?.action?.run()
  expect([opened, session.draft.value?.name]).toEqual([['digits', true, stored.id], 'unsaved'])
})

test('an experiment that is deleted can be taken back', async () => {
  await library.save('new')
  await library.remove(library.experiments[0])
  const gone = library.experiments.length
  toasts.shown.at(-1)?.action?.run()
  await settle()
  expect([gone, library.experiments.map(({ name }) => name)]).toEqual([0, ['digits']])
})

test('runs are laid over each other, live ones too, and the first is the baseline', async () => {
  const overlay = new Overlay(session)
  const first = await train()
  session.choosePreset('deep-sigmoid')
  await session.start()
  const second = session.run?.id ?? ''
  await overlay.toggle(first)
  await overlay.toggle(second)
  workbench.advance(7, workbench.find(second))
  await settle()
  const both = [overlay.runs.map(({ series }) => series.last), overlay.baseline?.id]
  overlay.compareWith(second)
  const other = overlay.baseline?.id
  await overlay.toggle(second)
  expect([both, other, overlay.runs.map(({ id }) => id), overlay.baseline?.id]).toEqual([
    [[844, 7], first],
    second,
    [first],
    first
  ])
})

test('a run whose folder vanished is said, and no longer in the list', async () => {
  await train()
  workbench.runs.clear()
  await session.openRun('run-1')
  expect([session.problem instanceof Failure && session.problem.key, session.runs]).toEqual([
    'run.unknown',
    []
  ])
})

test('an edit in another window is said once, and can be taken over and back', async () => {
  const other = { experiment: { ...presets[1].experiment, name: 'of the other' }, off: [] }
  const save = async (): Promise<void> => {
    await workbench.handlers['draft.save']({ draft: other, window: 'other' })
    await settle()
  }
  await save()
  await save()
  expect(said()).toEqual(['window.draft.editedElsewhere'])
  toasts.shown.at(-1)?.action?.run()
  await settle()
  const taken = session.draft.value?.name
  session.draft.undo()
  expect([taken, session.draft.value?.name]).toEqual(['of the other', 'digits'])
})

test('what this window saves, and what is the same elsewhere, is not said', async () => {
  session.draft.setOption('name', 'mine')
  await session.draft.save()
  await settle()
  await workbench.handlers['draft.save']({ draft: workbench.draft, window: 'other' })
  await settle()
  expect(said()).toEqual([])
})
