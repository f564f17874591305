import type { DataColumn } from '#contract/dataset'
import { Failure } from '#contract/failure'
import { shorten } from '../inspection/finding'
import { isMissing, readNumber } from '../readers/table/cell'
import { dialectOf, eachRow } from '../readers/table/csv-rows'
import { differs, sizeOf, type RawSamples, type SampleForm } from './form'

/**
 * The rows of a delimited file: columns are found by their names, whatever their order, and others are not looked at.
 * A model that was not trained on a table takes as many numbers in each row as it has.
 * @throws Failure `data.columnsDiffer`, `data.shapeDiffers`, `data.noCategory`, `data.notFiniteCell`, `data.raggedLine`,
 * and those of reading
 */
export async function readTableSamples(
  path: string,
  { shape, columns }: SampleForm,
  limit: number
): Promise<RawSamples> {
  const dialect = await dialectOf(path, {})
  const { names, decimalComma } = dialect
  const wanted = columns ?? names.map((name): DataColumn => ({ name, kind: 'number', missing: 0 }))
  const places = wanted.map(({ name }) => names.indexOf(name))
  if (places.includes(-1))
    throw new Failure('data.columnsDiffer', {
      path,
      found: shorten(names),
      expected: shorten(wanted.map(({ name }) => name))
    })
  if (wanted.length !== sizeOf(shape)) throw differs(path, [wanted.length], shape)

  const rows: Float32Array[] = []
  await eachRow(
    path,
    dialect,
    ({ fields, line }) => {
      if (fields.length !== names.length)
        throw new Failure('data.raggedLine', { path, line, found: fields.length, expected: names.length })
      rows.push(
        Float32Array.from(wanted, (column, place) =>
          valueIn(column, fields[places[place]], path, line, decimalComma)
        )
      )
    },
    limit
  )
  const values = new Float32Array(rows.length * wanted.length)
  rows.forEach((row, index) => values.set(row, index * wanted.length))
  return { count: rows.length, values }
}

/** A cell as the model takes it: a number, or the code of a category. */
function valueIn(
  { name, categories }: DataColumn,
  field: string,
  path: string,
  line: number,
  decimalComma: boolean
): number {
  const text = field.trim()
  if (categories) {
    const code = categories.indexOf(text)
    if (code >= 0) return code
    throw new Failure('data.noCategory', {
      path,
      line,
      column: name,
      found: text,
      expected: shorten(categories)
    })
  }
  const number = isMissing(text) ? NaN : (readNumber(text, decimalComma) ?? NaN)
  if (!Number.isFinite(number))
    throw new Failure('data.notFiniteCell', { path, line, column: name, found: text })
  return number
}
