import { layerNames } from '#contract/experiment'
import { layer as layerSchema } from '#contract/vocabulary'
import type { Health } from '../../components/LayerHealth.svelte'
import type { Word } from '../../state/content'
import { findingAbout } from '../../state/findings'
import type { Speech } from '../../state/language.svelte'
import type { Run } from '../../state/run.svelte'
import { troubleOf } from '../findings/finding-words'

/**
 * How each layer of a stack is in the run on display; undefined for a layer that this run does not train just so.
 * `onchoose` goes to a finding.
 */
export function healthOfLayers(
  layers: readonly Word[],
  names: readonly string[],
  run: Pick<Run, 'current' | 'groups'>,
  speech: Pick<Speech, 'say' | 'tell'>,
  onchoose: (key: string) => void
): (Health | undefined)[] {
  const trained = run.current?.model.layers ?? []
  const places = layerNames(trained)
  return layers.map((layer, index) => {
    const name = names[index]
    const same = trained[places.indexOf(name)]
    if (!same || !isSame(layer, same)) return undefined
    const group = findingAbout(run.groups, name)
    if (!group)
      return {
        severity: 'healthy',
        text: speech.say('window.layer.healthy'),
        help: speech.say('window.layer.healthy.help')
      }
    const trouble = troubleOf(group, speech, () => onchoose(group.key))
    // A layer inside of this one is named.
    return group.layer === name ? trouble : { ...trouble, text: `${trouble.text} · ${group.layer}` }
  })
}

/** Says whether a layer as it is typed is one that is trained, whatever defaults were left out. */
function isSame(layer: Word, trained: object): boolean {
  const parsed = layerSchema.safeParse(layer)
  return parsed.success && JSON.stringify(parsed.data) === JSON.stringify(trained)
}
