import { layerNames } from '#contract/experiment'
import { layer as layerSchema } from '#contract/vocabulary'
import type { Health } from '../../components/LayerHealth.svelte'
import type { Word } from '../../state/content'
import { findingAbout } from '../../state/layer-health'
import type { Speech } from '../../state/language.svelte'
import type { Run } from '../../state/run.svelte'

/**
 * How each layer of a stack is in the run on display; undefined for a layer that this run does not train just so.
 * `onchoose` goes to a finding.
 */
export function healthOfLayers(
  layers: readonly Word[],
  names: readonly string[],
  run: Pick<Run, 'current' | 'groups'>,
  { say, tell }: Pick<Speech, 'say' | 'tell'>,
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
        text: say('window.layer.healthy'),
        help: say('window.layer.healthy.help')
      }
    const text = say(group.kind ? `finding.kind.${group.kind}` : `window.severity.${group.severity}`)
    return {
      severity: group.severity,
      // A layer inside of this one is named.
      text: group.layer === name ? text : `${text} · ${group.layer}`,
      help: tell(group.message),
      onchoose: () => onchoose(group.key)
    }
  })
}

/** Says whether a layer as it is typed is one that is trained, whatever defaults were left out. */
function isSame(layer: Word, trained: object): boolean {
  const parsed = layerSchema.safeParse(layer)
  return parsed.success && JSON.stringify(parsed.data) === JSON.stringify(trained)
}
