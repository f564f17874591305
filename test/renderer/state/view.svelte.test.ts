import { expect, test } from 'vitest'
import { Place, type AddressBar } from '../../../src-renderer/state/view.svelte'

function address(hash = ''): AddressBar & { hash: string; entries: string[] } {
  return {
    hash,
    entries: [],
    write(next, entry) {
      this.hash = next
      this.entries.push(`${entry} ${next}`)
    }
  }
}

test('the first view is Train, also where the address names one that does not exist', () => {
  expect([new Place(address()).view, new Place(address('#view=nowhere')).view]).toEqual(['train', 'train'])
})

test('the address keeps the view and the run, so that a reload finds both', () => {
  const bar = address('#token=secret')
  const place = new Place(bar)
  place.go('runs')
  place.keep('run-1')
  const reloaded = new Place(bar)
  expect([bar.hash, reloaded.view, reloaded.run]).toEqual([
    '#token=secret&view=runs&run=run-1',
    'runs',
    'run-1'
  ])
})

test("going to another view makes an entry of the browser's history, another run does not", () => {
  const bar = address()
  const place = new Place(bar)
  place.go('data')
  place.go('data')
  place.keep('run-1')
  place.keep('run-1')
  expect(bar.entries).toEqual(['new #view=data', 'same #view=data&run=run-1'])
})

test("the browser's way back is followed", () => {
  const bar = address()
  const place = new Place(bar)
  place.go('settings')
  bar.hash = '#view=runs'
  place.follow()
  expect(place.view).toBe('runs')
})

test('charts offer what they can do only as long as they are on display', () => {
  const place = new Place(address())
  const takeBack = place.offer({ logarithm: () => {} })
  place.offer({ follow: () => {} })
  const offered = Object.keys(place.charts)
  takeBack()
  expect([offered, Object.keys(place.charts)]).toEqual([['logarithm', 'follow'], ['follow']])
})
