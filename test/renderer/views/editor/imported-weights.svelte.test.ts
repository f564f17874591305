import { say } from '#contract/messages'
import { flushSync, mount, unmount } from 'svelte'
import { expect, test } from 'vitest'
import ImportedWeights from '../../../../src-renderer/views/editor/ImportedWeights.svelte'

test.each(['en', 'zh-CN'] as const)(
  'weights from a file are shown in %s and can be removed',
  async (language) => {
    const values = $state<Record<string, unknown>>({ 'model.weights': 'a'.repeat(64) })
    const shown = mount(ImportedWeights, {
      target: document.body,
      props: {
        form: {
          say: (key, named) => say(language, key, named),
          hints: {},
          idOf: () => 0,
          valueAt: (path) => values[path],
          set: () => undefined,
          remove: (path) => {
            delete values[path]
          },
          settle: () => undefined
        }
      }
    })
    flushSync()
    expect(document.querySelector('code')?.textContent).toBe('aaaaaaaaaaaa…')
    const button = document.querySelector('button')
    expect(button?.textContent).toBe(say(language, 'editor.weights.remove'))
    button?.click()
    flushSync()
    expect([values, document.body.textContent.trim()]).toEqual([{}, ''])
    await unmount(shown)
  }
)
