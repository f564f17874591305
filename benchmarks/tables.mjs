// How benchmarks that compare programs read their options and print their one table.
import { availableParallelism, cpus } from 'node:os'
import process from 'node:process'

const BAD_INPUT = 2

/**
 * The words of an option such as `cnn,mlp`.
 * @param {string} name
 * @param {string} text
 * @param {string[]} known
 */
export function wordsOf(name, text, known) {
  const words = text.split(',').filter((word) => word !== '')
  const unknown = words.find((word) => !known.includes(word))
  if (unknown !== undefined) fail(`--${name}: ${unknown} is not known (known: ${known.join(', ')})`)
  return words
}

/**
 * The number of an option, 1 or more and whole.
 * @param {string} name
 * @param {string} text
 */
export function countOf(name, text) {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1)
    fail(`--${name} must be a whole number of 1 or more, not ${text}`)
  return count
}

/**
 * The number of an option, above 0.
 * @param {string} name
 * @param {string} text
 */
export function secondsOf(name, text) {
  const seconds = Number(text)
  if (!(seconds > 0 && Number.isFinite(seconds))) fail(`--${name} must be a number above 0, not ${text}`)
  return seconds
}

/** @param {number[]} values */
export function medianOf(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  // Two that did not come to an end are infinite, and so is what lies between them.
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Some values in words: the median (least – most).
 * @param {number[]} values
 * @param {(value: number) => string} show
 */
export function spreadOf(values, show) {
  return `${show(medianOf(values))} (${show(Math.min(...values))} – ${show(Math.max(...values))})`
}

/** @typedef {{ benchmark: string, columns: string[], rows: (string | number)[][], notes: string[], data: object, peers?: string[] }} Report */
/** @typedef {{ json: boolean, markdown: boolean }} Form */

/**
 * Prints one table with its notes: for a terminal, for a page in Markdown (`--markdown`), or as one JSON object (`--json`).
 * Columns are aligned to the right but for the first.
 * @param {Report} report
 * @param {Form} form
 */
export function printReport({ benchmark, columns, rows, notes, data, peers = [] }, { json, markdown }) {
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    peers
  }
  if (json) return print(JSON.stringify({ benchmark, machine, ...data }))
  const cells = [columns, ...rows].map((row) => row.map(String))
  if (markdown) {
    print(`\`npm run bench:${benchmark}\`:\n`)
    cells.splice(1, 0, ['---', ...columns.slice(1).map(() => '---:')])
    for (const row of cells) print(`| ${row.join(' | ')} |`)
  } else {
    const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
    for (const row of cells)
      print(
        row
          .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
          .join('  ')
          .trimEnd()
      )
  }
  const { processor, cores, platform, node } = machine
  const ends = [
    ...notes,
    `${[`${processor}, ${cores} cores, ${platform}, Node ${node}`, ...peers].join(', ')}.`
  ]
  print(`\n${ends.join(markdown ? '\n\n' : '\n')}`)
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`)
}

/**
 * Ends the program because of what its user said.
 * @param {string} sentence
 * @returns {never}
 */
export function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(BAD_INPUT)
}
