import type { DataFinding } from '#contract/dataset'
import { named } from '../../inspection/finding'
import type { FolderContent } from './folder'
import { isImageName } from './read-image'

/** Names of folders that divide a source into parts; anything else is a class. */
const partsBy: Record<string, Part> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test'
}
type Part = 'train' | 'validation' | 'test'

/** An image that belongs to a class. */
export interface ImageFile {
  /** Path from the source's folder. */
  name: string
  label: number
}

/** What a folder holds by part and class. */
export interface Layout {
  classes: string[]
  train: ImageFile[]
  /** Absent where the folder is not divided. */
  test?: ImageFile[]
  findings: DataFinding[]
}

/**
 * Sorts what lies in a folder: by class, or by part and class where one folder is called `train`. A validation part
 * takes the place of a test part that is missing, and belongs to the training part where there is one: which samples
 * validate is chosen by the experiment. Classes are in the order of their names.
 */
export function layoutOf({ files, folders }: FolderContent): Layout {
  const top = folders.filter((folder) => !folder.includes('/') && !isHidden(folder))
  const isDivided = top.some((folder) => partOf(folder) === 'train')
  const hasTest = isDivided && top.some((folder) => partOf(folder) === 'test')
  const depth = isDivided ? 1 : 0
  /** The part that a path belongs to; undefined where it is outside of all. */
  const usedPart = (path: string): 'train' | 'test' | undefined => {
    if (!isDivided) return 'train'
    const part = partOf(path.split('/')[0])
    return part === 'validation' ? (hasTest ? 'train' : 'test') : part
  }

  const classFolders = folders.filter(
    (folder) => folder.split('/').length === depth + 1 && !isHidden(folder) && usedPart(folder) !== undefined
  )
  const classes = [...new Set(classFolders.map((folder) => folder.split('/')[depth]))].sort()
  const labels = new Map(classes.map((name, label) => [name, label]))

  const parts = { train: [] as ImageFile[], test: [] as ImageFile[] }
  const left = { hidden: [] as string[], notImages: [] as string[], outside: [] as string[] }
  for (const name of files) {
    const segments = name.split('/')
    const part = usedPart(name)
    const label = labels.get(segments[depth])
    if (isHidden(name)) left.hidden.push(name)
    else if (!isImageName(name)) left.notImages.push(name)
    else if (part === undefined || label === undefined || segments.length < depth + 2) left.outside.push(name)
    else parts[part].push({ name, label })
  }
  const merged = isDivided && hasTest ? top.filter((folder) => partOf(folder) === 'validation') : []
  return {
    classes,
    train: parts.train,
    ...(isDivided && { test: parts.test }),
    findings: [
      ...named({ kind: 'skipped', severity: 'info', part: 'train', key: 'data.skipped.hidden' }, left.hidden),
      ...named(
        { kind: 'skipped', severity: 'warning', part: 'train', key: 'data.skipped.notImages' },
        left.notImages
      ),
      ...named(
        { kind: 'skipped', severity: 'warning', part: 'train', key: 'data.skipped.outside' },
        left.outside
      ),
      ...named({ kind: 'merged', severity: 'info', part: 'train', key: 'data.merged' }, merged)
    ]
  }
}

const partOf = (folder: string): Part | undefined =>
  Object.hasOwn(partsBy, folder.toLowerCase()) ? partsBy[folder.toLowerCase()] : undefined

/** Says whether a file or a folder above it is one that systems keep for themselves. */
const isHidden = (path: string): boolean =>
  path.split('/').some((name) => /^(\..*|__MACOSX|Thumbs\.db|desktop\.ini)$/i.test(name))
