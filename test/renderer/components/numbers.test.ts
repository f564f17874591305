import { expect, test } from 'vitest'
import {
  readNumber,
  writeBytes,
  writeDuration,
  writeLarge,
  writeLoss,
  writeNorm,
  writePlain,
  writeShare,
  writeSpeed
} from '../../../src-renderer/components/numbers'

test('norms have one form from the smallest to the largest, and what is no number says so', () => {
  expect([3.4129e-2, 1, 12345, 1e-30, 0, NaN, Infinity].map(writeNorm)).toEqual([
    '3.41e-2',
    '1.00e0',
    '1.23e4',
    '1.00e-30',
    '0',
    'NaN',
    '∞'
  ])
})

test('a loss keeps four decimals unless they would hide it', () => {
  expect([2.30259, 0, -0.5, 0.00012, 123456, NaN, -Infinity].map(writeLoss)).toEqual([
    '2.3026',
    '0.0000',
    '-0.5000',
    '1.20e-4',
    '1.23e5',
    'NaN',
    '−∞'
  ])
})

test('shares, speeds, bytes and counts are written for people', () => {
  expect([
    writeShare(0.98765),
    writeSpeed(118.44),
    writeSpeed(4.2),
    writeBytes(284),
    writeBytes(203_560),
    writeBytes(612e6),
    writeBytes(2.5e9),
    writeLarge('en', 910_000),
    writeLarge('zh-CN', 910_000)
  ]).toEqual(['98.77%', '118', '4.20', '284 B', '204 kB', '612 MB', '2.50 GB', '910K', '91万'])
})

test('seconds are written as a clock shows them', () => {
  expect([0, 7.4, 59.6, 725, 3723, Infinity].map(writeDuration)).toEqual([
    '0:00',
    '0:07',
    '1:00',
    '12:05',
    '1:02:03',
    '–'
  ])
})

test('a number that was written can be read back as it was typed', () => {
  expect([1e-6, 0.001, 0.5, 128, 1 / 3].map((value) => readNumber(writePlain(value)))).toEqual([
    1e-6, 0.001, 0.5, 128, 0.333333
  ])
})

test('typed numbers may have a comma or an exponent; words and nothing are no numbers', () => {
  expect(['0,5', ' 1e-3 ', 'abc', '', '1.2.3'].map(readNumber)).toEqual([0.5, 0.001, NaN, NaN, NaN])
})
