import { expect, test } from 'vitest'
import { createProgressLine } from '../../../src-main/shells/terminal/progress'
import { widthOf } from '../../../src-main/shells/terminal/width'
import { createFakeClock } from '../../application/fake-ports'

function terminal(columns: number | undefined): {
  write(text: string): void
  isTTY: boolean
  columns?: number
  written: string[]
} {
  const written: string[] = []
  return { write: (text) => void written.push(text), isTTY: columns !== undefined, columns, written }
}

test('on a terminal one line is drawn again, and taken away before text', () => {
  const stream = terminal(80)
  const line = createProgressLine(stream, createFakeClock())
  line.show({ share: 0.5, facts: ['step 4/8', 'loss 0.5'] })
  line.clear()
  line.clear()
  const bar = '█'.repeat(12) + '░'.repeat(12)
  expect(stream.written).toEqual([`\r\x1b[2K${bar} · step 4/8 · loss 0.5`, '\r\x1b[2K'])
})

test.each([0, 20, 40, 60])(
  'a line fits into %d columns, in Chinese too, and into 80 where that is unknown',
  (columns) => {
    const stream = terminal(columns)
    const facts = ['步 400/800', '损失 0.5', '准确率 90.00%', '梯度 1.2', '剩余 3 分 20 秒', '学习率 0.001']
    createProgressLine(stream, createFakeClock()).show({ share: 0.5, facts })
    const [drawn] = stream.written.map((text) => text.replace('\r\x1b[2K', ''))
    expect(widthOf(drawn)).toBeGreaterThan(0)
    expect(widthOf(drawn)).toBeLessThan(columns || 80)
  }
)

test('elsewhere a plain line is written every ten seconds at most', () => {
  const stream = terminal(undefined)
  const clock = createFakeClock()
  const line = createProgressLine(stream, clock)
  for (let tenth = 0; tenth <= 150; tenth++) {
    line.show({ share: 0.1, facts: [`step ${tenth}`] })
    clock.advance(100)
  }
  line.clear()
  expect(stream.written).toEqual(['step 0\n', 'step 100\n'])
})
