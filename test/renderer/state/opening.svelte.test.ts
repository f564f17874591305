import { beforeEach, describe, expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import { Opening } from '../../../src-renderer/state/opening.svelte'
import type { Session } from '../../../src-renderer/state/session.svelte'
import { Toasts } from '../../../src-renderer/state/toasts.svelte'
import type { FileDoor } from '../../../src-renderer/workbench'
import { FakeWorkbench } from '../fake-workbench'
import { sessionOver, settle } from '../settled-session'

let workbench: FakeWorkbench
let session: Session
let toasts: Toasts
let opening: Opening
let door: FileDoor
/** What was sent, and how to answer it. */
let sent: {
  paths: string[]
  report(share: number): void
  signal: AbortSignal
  arrive(path: string): void
  fail(error: unknown): void
}[]

const picked = (...paths: string[]) => paths.map((path) => ({ path, file: new File(['four'], path) }))

beforeEach(async () => {
  workbench = new FakeWorkbench()
  session = sessionOver(workbench)
  void session.stay()
  await settle()
  toasts = new Toasts(() => () => {})
  sent = []
  door = {
    pathOf: () => undefined,
    send: (files, report, signal) =>
      new Promise((arrive, fail) =>
        sent.push({ paths: files.map(({ path }) => path), report, signal, arrive, fail })
      )
  }
  opening = new Opening(session, toasts, {
    pathOf: (file) => door.pathOf(file),
    send: (...order) => door.send(...order)
  })
})

describe('opening a path', () => {
  test('tells what it holds and changes nothing until it is used', async () => {
    const before = session.draft.value
    await opening.openPath('/data/digits')
    expect([opening.name, opening.summary?.counts, opening.error, session.draft.value]).toEqual([
      '/data/digits',
      { train: 100, test: 20 },
      undefined,
      before
    ])
  })

  test('becomes the data of the experiment when it is used, which can be undone', async () => {
    const before = session.draft.value?.data.source
    await opening.openPath('/data/digits')
    opening.use()
    const source = { use: 'idx', images: '/data/digits/images.idx', labels: '/data/digits/labels.idx' }
    expect([session.draft.value?.data.source, opening.name, toasts.shown.at(-1)?.message]).toEqual([
      source,
      undefined,
      { key: 'data.opening.used', values: { name: 'digits' } }
    ])
    toasts.shown.at(-1)?.action?.run()
    expect(session.draft.value?.data.source).toEqual(before)
  })

  test('says why nothing in it is understood, and can be tried again', async () => {
    await opening.openPath('/data/noise')
    expect([opening.error instanceof Failure && opening.error.key, opening.summary]).toEqual([
      'data.notUnderstood.file',
      undefined
    ])
    await opening.openPath('/data/digits')
    expect([opening.error, opening.summary?.name]).toEqual([undefined, 'digits'])
  })

  test('that is called off leaves nothing, and a late answer changes nothing', async () => {
    let answer: () => void = () => {}
    let named: string | undefined
    const before = workbench.handlers['data.open']
    Object.assign(workbench.handlers, {
      'data.open': async (input: Parameters<typeof before>[0]) => {
        named = input.work
        await new Promise<void>((resolve) => (answer = resolve))
        return before(input)
      }
    })
    const opened = opening.openPath('/data/digits')
    await settle()
    const under = opening.isUnderWay
    opening.close()
    answer()
    await opened
    await settle()
    const cancelled = workbench.calls.find(({ name }) => name === 'work.cancel')
    expect([under, cancelled, opening.name, opening.summary]).toEqual([
      true,
      { name: 'work.cancel', input: { work: named } },
      undefined,
      undefined
    ])
  })

  test('keeps what is known while it is read in another way, also where that fails', async () => {
    await opening.openPath('/data/digits')
    const { source } = opening.summary ?? {}
    Object.assign(workbench.handlers, {
      'data.describe': () => {
        throw new Failure('data.notLabels', { path: 'x', shape: '[3]' })
      }
    })
    if (source) await opening.readAs(source)
    expect([opening.summary?.name, opening.error instanceof Failure && opening.error.key]).toEqual([
      'digits',
      'data.notLabels'
    ])
  })
})

describe('opening files', () => {
  test('sends them, tells how much is sent, and opens where they are then', async () => {
    const opened = opening.openFiles(picked('digits/images.idx', 'digits/labels.idx'))
    await settle()
    sent[0].report(0.5)
    expect([opening.name, opening.delivery.sending, sent[0].paths]).toEqual([
      'digits',
      { files: 2, bytes: 8, share: 0.5 },
      ['digits/images.idx', 'digits/labels.idx']
    ])
    sent[0].arrive('/library/datasets/uploads/1/digits')
    await opened
    expect([opening.name, opening.delivery.sending, opening.summary?.name]).toEqual([
      'digits',
      undefined,
      'digits'
    ])
  })

  test('needs only their path where the page is told', async () => {
    door.pathOf = (file) => `/home/user/${file.name}`
    await opening.openFiles(picked('digits'))
    expect([sent, opening.summary?.source]).toMatchObject([[], { images: '/home/user/digits/images.idx' }])
  })

  test('sends nothing where there is no room, and says so', async () => {
    Object.assign(workbench.handlers, {
      'files.room': () => {
        throw new Failure('data.uploadNoRoom', { needed: '2 GB', free: '1 GB' })
      }
    })
    await opening.openFiles(picked('digits'))
    expect([sent, opening.error instanceof Failure && opening.error.key, opening.name]).toEqual([
      [],
      'data.uploadNoRoom',
      'digits'
    ])
  })

  test('says why they did not arrive', async () => {
    const opened = opening.openFiles(picked('digits'))
    await settle()
    sent[0].fail(new Failure('data.uploadCut'))
    await opened
    expect([opening.error instanceof Failure && opening.error.key, opening.isUnderWay]).toEqual([
      'data.uploadCut',
      false
    ])
  })

  test('that is called off stops the sending, and opens nothing that arrives all the same', async () => {
    const opened = opening.openFiles(picked('digits'))
    await settle()
    opening.close()
    sent[0].arrive('/library/datasets/uploads/1/digits')
    await opened
    expect([sent[0].signal.aborted, opening.name, opening.isUnderWay, opening.error]).toEqual([
      true,
      undefined,
      false,
      undefined
    ])
  })

  test('other files put those before aside', async () => {
    const first = opening.openFiles(picked('noise'))
    await settle()
    const second = opening.openFiles(picked('digits'))
    await settle()
    sent[1].arrive('/library/digits')
    sent[0].arrive('/library/noise')
    await Promise.all([first, second])
    expect([opening.name, opening.summary?.name, opening.error]).toEqual(['digits', 'digits', undefined])
  })

  test('no file at all is said', async () => {
    await opening.openFiles([])
    expect(opening.error instanceof Failure && opening.error.key).toBe('data.uploadEmpty')
  })
})
