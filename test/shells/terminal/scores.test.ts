import { expect, test } from 'vitest'
import { say, type Language } from '#contract/messages'
import type { Score } from '#contract/run'
import { describeScore } from '../../../src-main/shells/terminal/scores'
import type { Output } from '../../../src-main/shells/terminal/output'

const output = (language: Language) => ({ say: (key, values) => say(language, key, values) }) as Output

test.each<[Score, string, string]>([
  [{ loss: 0.5 }, 'loss 0.5', '损失 0.5'],
  [{ loss: 0.5, accuracy: 0.875 }, 'loss 0.5, accuracy 87.50 %', '损失 0.5，准确率 87.50%'],
  [
    { loss: 0.5, accuracy: 0.875, top5: 1 },
    'loss 0.5, accuracy 87.50 %, top 5 100.00 %',
    '损失 0.5，准确率 87.50%，前五命中 100.00%'
  ],
  [{ loss: 0.5, mae: 12.25 }, 'loss 0.5, mean absolute error 12.25', '损失 0.5，平均绝对误差 12.25'],
  [
    { loss: 0.5, mae: 12.25, r2: -0.5 },
    'loss 0.5, mean absolute error 12.25, R² -0.5',
    '损失 0.5，平均绝对误差 12.25，R² -0.5'
  ]
])('a score of %o is said with what it has, in both languages', (score, english, chinese) => {
  expect(describeScore(output('en'), score)).toBe(english)
  expect(describeScore(output('zh-CN'), score)).toBe(chinese)
})
