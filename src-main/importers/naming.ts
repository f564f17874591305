import { layerNames } from '#contract/experiment'
import { layers as layerWords } from '#contract/vocabulary'
import { snakeCase } from './formats/keras'
import type { LayerLink } from './keras/chain'
import type { FoundTensor } from './keras/tensors'
import type { LayerInput } from './keras/translation'

/** A layer that a model of Keras has, or that was put in front of it. */
export type NamelessLink = Omit<LayerLink, 'source'> & { source?: LayerLink['source'] }

/** A tensor under the name that the experiment gives it, before it is read. */
export type NamedSource = Omit<FoundTensor, 'role'> & { name: string }

/** What a residual has beside its layers, which none of them may be named. */
const RESIDUAL_PARTS = ['shortcut', 'activation']

/**
 * Layers with their names, and their tensors named after them. Names that a user gave are kept; those that Keras,
 * TensorFlow.js or we made up give way to ours, and so do all of them where one would stand twice.
 */
export function nameLayers(
  links: readonly NamelessLink[],
  prefix = '',
  around?: LayerLink['source']
): { layers: LayerInput[]; tensors: NamedSource[] } {
  const given = links.map(({ layer, source }) => {
    const name = source && givenName(source, layer.use, around)
    return name === undefined ? layer : { ...layer, name }
  })
  const isUnique = new Set(namesOf(given)).size === given.length
  const layers: LayerInput[] = isUnique ? given : links.map(({ layer }) => layer)
  const names = namesOf(layers)
  const tensors: NamedSource[] = []
  links.forEach(({ source, tensors: own, inner }, index) => {
    const name = `${prefix}${names[index]}`
    tensors.push(...own.map(({ role, ...tensor }) => ({ name: `${name}/${role}`, ...tensor })))
    if (!inner) return
    const inside = nameLayers(inner, `${name}/`, source)
    layers[index] = { ...layers[index], layers: inside.layers }
    tensors.push(...inside.tensors)
  })
  return { layers, tensors }
}

const namesOf = (layers: readonly LayerInput[]): string[] =>
  layerNames(layers as readonly { use: string; name?: string }[])

/** A name that is more than its class, or our word, with a number. Our exports write the residual's name in front. */
function givenName(
  { name: whole, className }: LayerLink['source'],
  use: string,
  around: LayerLink['source'] | undefined
): string | undefined {
  const front = `${around?.name}_`
  const name = around && whole.startsWith(front) ? whole.slice(front.length) : whole
  const made = [`${snakeCase(className)}(_\\d+)?`, `.*_${className}\\d+`, `${use}_\\d+`]
  const isOurs =
    RESIDUAL_PARTS.includes(name) || made.some((pattern) => new RegExp(`^${pattern}$`).test(name))
  return isOurs || !/^[A-Za-z0-9_-]{1,64}$/.test(name) ? undefined : name
}

/** What our own exports put behind a layer, because Keras has no word for it, goes back into the option of the layer. */
export function joinActivations(links: readonly LayerLink[]): LayerLink[] {
  const joined: LayerLink[] = []
  for (const link of links) {
    const before = joined.at(-1)
    const isOurs = link.layer.use === 'activation' && link.source.name === `${before?.source.name}_activation`
    if (before && isOurs && takesActivation(before.layer))
      joined[joined.length - 1] = { ...before, layer: { ...before.layer, activation: link.layer.activation } }
    else joined.push(link.inner ? { ...link, inner: joinActivations(link.inner) } : link)
  }
  return joined
}

const takesActivation = ({ use, activation }: LayerInput): boolean =>
  use !== 'activation' && activation === undefined && 'activation' in layerWords[use].shape
