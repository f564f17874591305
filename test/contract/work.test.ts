import { expect, test } from 'vitest'
import { Failure } from '#contract/failure'
import { openWorks, partOf, type Report, type WorkProgress } from '#contract/work'

const saying = { key: 'export.writing' } as const

test('what is reported of a work is announced under its name, and nothing without one', async () => {
  const announced: WorkProgress[] = []
  const works = openWorks((progress) => announced.push(progress))
  const task = async (report: Report): Promise<string> => {
    report(saying, 0.5)
    report(saying)
    return 'done'
  }
  expect(await Promise.all([works.during('mine', task), works.during(undefined, task)])).toEqual([
    'done',
    'done'
  ])
  expect(announced).toEqual([
    { work: 'mine', message: saying, share: 0.5 },
    { work: 'mine', message: saying }
  ])
})

test('a work that is called off ends at its next report, whatever it fails with', async () => {
  const works = openWorks(() => {})
  const signals: boolean[] = []
  const reporting = works.during('reports', async (report, signal) => {
    works.cancel('reports')
    signals.push(signal.aborted)
    report(saying)
  })
  await expect(reporting).rejects.toMatchObject({ key: 'request.cancelled' })
  const failing = works.during('fails', async () => {
    works.cancel('fails')
    throw new Failure('storage.diskFull', { path: '/' })
  })
  await expect(failing).rejects.toMatchObject({ key: 'request.cancelled' })
  expect(signals).toEqual([true])
})

test('calling off another work, or one that is done, changes nothing', async () => {
  const works = openWorks(() => {})
  const work = works.during('mine', async (report) => {
    works.cancel('other')
    report(saying)
    return 1
  })
  expect(await work).toBe(1)
  works.cancel('mine')
  expect(await works.during('mine', async (report) => (report(saying), 2))).toBe(2)
})

test('a part of a work reports its share of the whole', () => {
  const shares: (number | undefined)[] = []
  const report = partOf((_, share) => shares.push(share), 0.2, 0.6)
  report(saying, 0)
  report(saying, 0.5)
  report(saying, 1)
  report(saying)
  expect(shares.map((share) => Number(share?.toFixed(6)))).toEqual([0.2, 0.4, 0.6, 0.2])
})
