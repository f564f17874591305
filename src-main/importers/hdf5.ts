import { ready } from 'h5wasm'
import { Failure } from '#contract/failure'
import { LARGEST_TEXT_BYTES } from './files'

/**
 * An HDF5 file open for reading. It lies in a file system in memory that the library brings along, so that a file
 * which points to others reaches none of the disk's.
 */
export interface Hdf5 {
  /** Names in a group, in the order of the alphabet; none where there is no such group. */
  names(group: string): string[]
  isGroup(path: string): boolean
  /** The texts of an attribute; undefined where there is none. */
  texts(path: string, attribute: string): string[] | undefined
  /** Shape and size of a dataset; undefined where there is none. */
  dataset(path: string): Hdf5Dataset | undefined
  close(): void
}

/** A dataset before its values are read. */
export interface Hdf5Dataset {
  shape: readonly number[]
  /** 32-bit numbers, rounded where the file holds 64 bits. @throws Failure `import.notNumbers`, `storage.damaged` */
  read(): Float32Array
}

type Library = Awaited<typeof ready>

let started: Promise<Library> | undefined
let opened = 0

/** Opens HDF5 bytes; `path` is what failures name. @throws Failure `import.notHdf5` */
export async function openHdf5(bytes: Uint8Array, path: string): Promise<Hdf5> {
  const library = await (started ??= start())
  const inside = `/model-${++opened}.h5`
  library.FS.writeFile(inside, bytes)
  const file = library.open(inside, library.H5F_ACC_RDONLY)
  if (file < 0n) {
    library.FS.unlink(inside)
    throw new Failure('import.notHdf5', { path })
  }
  const source: Source = { library, file, path }
  const isGroup = (at: string): boolean => library.get_type(file, at) === library.H5G_GROUP
  return {
    isGroup,
    names: (group) => (isGroup(group) ? guard(path, group, () => library.get_names(file, group, false)) : []),
    texts(at, attribute) {
      if (!isGroup(at)) return undefined
      return guard(path, `${at} ${attribute}`, () =>
        library.get_attribute_names(file, at).includes(attribute)
          ? readTexts(source, at, attribute)
          : undefined
      )
    },
    dataset(at) {
      if (library.get_type(file, at) !== library.H5G_DATASET) return undefined
      const { shape } = guard(path, at, () => library.get_dataset_metadata(file, at))
      return shape ? { shape, read: () => guard(path, at, () => readNumbers(source, at)) } : undefined
    },
    close() {
      library.close_file(file)
      library.FS.unlink(inside)
    }
  }
}

/** What the library offers of its file system, and its types do not tell. */
interface Devices {
  createDevice(folder: string, name: string, read: null, write: () => void): void
  open(path: string, flags: string): { fd: number }
  getStream(descriptor: number): object
  close(stream: object): void
}

const STANDARD_ERROR = 2

/** The library writes what it finds wrong to the terminal; what matters of it becomes a failure instead. */
async function start(): Promise<Library> {
  const library = await ready
  const devices = library.FS as unknown as Devices
  devices.createDevice('/dev', 'quiet', null, () => undefined)
  devices.close(devices.getStream(STANDARD_ERROR))
  // The lowest free number is taken.
  devices.open('/dev/quiet', 'w')
  return library
}

/** An open file as the calls of the library want it. */
interface Source {
  library: Library
  file: bigint
  /** Where it came from. */
  path: string
}

/** Whatever the library cannot make sense of is a damaged file. */
function guard<Result>(path: string, problem: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('storage.damaged', { path, problem: `${problem}: ${(error as Error).message}` })
  }
}

/**
 * The calls beneath the library's own `value`: that one does not look whether a read succeeded, and would give what
 * lay in memory before.
 */
function readNumbers({ library, file, path }: Source, at: string): Float32Array {
  const { type, size, total_size: count, littleEndian } = library.get_dataset_metadata(file, at)
  const isFloat = type === library.H5T_class_t.H5T_FLOAT.value
  if (!isFloat || !littleEndian || (size !== 4 && size !== 8))
    throw new Failure('import.notNumbers', { path, tensor: at })
  const { buffer } = borrow(library, count * size, (place) => {
    if (library.get_dataset_data(file, at, null, null, null, BigInt(place)) < 0)
      throw new Failure('storage.damaged', { path, problem: at })
    return library.HEAPU8.slice(place, place + count * size)
  })
  return size === 4 ? new Float32Array(buffer) : Float32Array.from(new Float64Array(buffer))
}

function readTexts({ library, file, path }: Source, at: string, attribute: string): string[] {
  const { type, size, total_size: count, vlen } = library.get_attribute_metadata(file, at, attribute)
  // An empty list of names is written as a list of no numbers.
  if (count === 0) return []
  const length = size * count
  if (type !== library.H5T_class_t.H5T_STRING.value || !(length <= LARGEST_TEXT_BYTES))
    throw new Failure('storage.damaged', { path, problem: `${at} ${attribute}` })
  return borrow(library, length, (place) => {
    if (library.get_attribute_data(file, at, attribute, BigInt(place)) < 0)
      throw new Failure('storage.damaged', { path, problem: `${at} ${attribute}` })
    const bytes = library.HEAPU8.slice(place, place + length)
    if (!vlen) return Array.from({ length: count }, (_, index) => fixedText(bytes, index * size, size))
    const texts = Array.from(new Uint32Array(bytes.buffer), (pointer) => library.UTF8ToString(pointer))
    library.reclaim_vlen_memory(file, at, attribute, BigInt(place))
    return texts
  })
}

/** A text of fixed size, up to its first zero. */
function fixedText(bytes: Uint8Array, from: number, size: number): string {
  const own = bytes.subarray(from, from + size)
  const end = own.indexOf(0)
  return new TextDecoder().decode(end === -1 ? own : own.subarray(0, end))
}

/** Uses memory of the library and gives it back. @throws Error when there is not so much */
function borrow<Result>(library: Library, bytes: number, use: (place: number) => Result): Result {
  const place = library._malloc(Math.max(bytes, 1))
  if (place === 0) throw new Error(`no memory for ${bytes} bytes`)
  try {
    return use(place)
  } finally {
    library._free(place)
  }
}
