import { searchableWords, wordsOf } from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('the words of a text', () => {
  it.each<[text: string, words: readonly string[]]>([
    ['Ada Lovelace, London', ['ada', 'lovelace', 'london']],
    ['  user.created__2024-11-05 ', ['user', 'created', '2024', '11', '05']],
    ["O'Brien <ada@example.org>", ['o', 'brien', 'ada', 'example', 'org']],
    ['Åse ÅSE ａｓｅ', ['ase', 'ase', 'ase']],
    ['Straße STRASSE STRAẞE ﬀ', ['strasse', 'strasse', 'strasse', 'ff']],
    ['Łódź Ærø Þór', ['lodz', 'aero', 'thor']],
    ['ΣΊΣΥΦΟΣ Σίσυφος', ['σισυφοσ', 'σισυφοσ']],
    ['İstanbul ISTANBUL ıstanbul', ['istanbul', 'istanbul', 'istanbul']],
    ['Ёлка Елка', ['елка', 'елка']],
    ['हिन्दी', ['हिन्दी']],
    ['서울 특별시', ['서울', '특별시']],
    ['東京タワー 2024', ['東', '京', 'タ', 'ワ', 'ー', '2024']],
    ['ภาษาไทย', ['ภ', 'า', 'ษ', 'า', 'ไ', 'ท', 'ย']],
    ['½ x² №5', ['1', '2', 'x2', 'no5']],
    ['!?… —', []],
    ['', []],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('are the same in any case and in any normal form, and those of the words themselves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const words = wordsOf(text)
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'])
          expect(wordsOf(text.normalize(form))).toEqual(words)
        expect(wordsOf(text.toUpperCase())).toEqual(words)
        expect(wordsOf(words.join(' '))).toEqual(words)
      }),
      { numRuns: 500 },
    )
  })

  it('hold nothing but letters, digits and marks, and are of bounded length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const strange = wordsOf(text).filter(
          (word) => word.length > 64 || !/^[\p{L}\p{N}\p{M}]+$/u.test(word),
        )
        expect(strange).toEqual([])
      }),
    )
    expect(wordsOf('x'.repeat(1_000))).toEqual(['x'.repeat(64)])
  })
})

describe('the words by which a document is found', () => {
  const order = {
    id: 17,
    customer: { name: 'Ada Lovelace', address: { city: 'London' } },
    lines: [
      { description: 'White mug', price: 3.5 },
      { description: 'Mug, black', price: 4 },
    ],
    note: null,
    isPaid: true,
  }

  it.each<[paths: readonly string[], words: string]>([
    [['customer.name'], 'ada lovelace'],
    [['lines.description'], 'white mug black'],
    [['customer'], 'ada lovelace london'],
    [['lines'], 'white mug 3 5 black 4'],
    [['id', '$key'], '17 order 1'],
    [['note', 'isPaid', 'nothing.at.all', 'customer.name.length', 'toString'], ''],
  ])('%j', (paths, words) => {
    expect(searchableWords(paths, 'order-1', order)).toBe(words)
  })
})
