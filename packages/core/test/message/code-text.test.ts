import { stripTypeScriptTypes } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeText } from '../../src/message/code-text.ts'

describe('the text of a function is the same', () => {
  test.each<[string, string, string]>([
    ['whatever its white space', '(a, b) => a + b', '(a,b)=>\n  a\t+ b'],
    ['whatever its comments say', 'a => a', 'a => /* as it is */ a // really'],
    [
      'with semicolons and without',
      '() => { const a = 1; return a; }',
      '() => {\n const a = 1\n return a\n}',
    ],
    ['with commas at the end and without', 'f({ a, b, }, [1, 2,],)', 'f({ a, b }, [1, 2])'],
    ['whatever its quotes', `() => 'it is "so"'`, '() => "it is \\"so\\""'],
    ['with parentheses around its parameter and without', '(doc) => doc', 'doc => doc'],
    [
      'with a comma behind its only parameter',
      '(customerId,\n) => ({ customerId })',
      'customerId => ({ customerId })',
    ],
    [
      'whichever object a tool reads imports from',
      '(doc) => (0, __vite_ssr_import_12__.sum)(doc.n, __vi_import_0__.tax, `${(0, lib_1.round)(doc.n)}`)',
      'doc => sum(doc.n, tax, `${round(doc.n)}`)',
    ],
    ['whatever the code in its templates is like', '() => `${ a+b } ${x}`', '() => `${a + b} ${ x }`'],
  ])('%s', (_why, one, other) => {
    expect(codeText(one)).toBe(codeText(other))
  })

  test('when its types were stripped', () => {
    const typed =
      '(doc: Total, { data }: Fact<"Placed">): Total => ({ total: doc.total + (data.sum as number) })'
    expect(codeText(stripTypeScriptTypes(typed))).toBe(
      codeText('(doc, { data }) => ({ total: doc.total + (data.sum) })'),
    )
  })
})

describe('the text of a function is another', () => {
  test.each<[string, string, string]>([
    ['for other names', 'a => a.b', 'a => a.c'],
    ['for other numbers', '() => 1', '() => 2'],
    ['for the object that a method is of', 'a => line_1.sum(a)', 'a => line_2.sum(a)'],
    ['for a list that looks like a call', 'a => (1, lib.sum)(a)', 'a => sum(a)'],
    ['for a space in a text', `() => 'a b'`, `() => 'ab'`],
    ['for a slash in a text', `() => '//a'`, `() => '//b'`],
    ['for a space in a template', '() => `a b`', '() => `ab`'],
    ['for what a template holds', '() => `${a}`', '() => `${b}`'],
    ['for a template in a template', '() => `${x ? `${a} ` : ""}`', '() => `${x ? `${a}` : ""}`'],
    ['for a pattern', '() => /a b/.test(c)', '() => /ab/.test(c)'],
    ['for a pattern with a slash in it', '() => /[/]a/g', '() => /[/]b/g'],
    ['for what stands after a division', '() => a / b / c', '() => a / b / d'],
    ['for words that grow together', '() => typeof a', '() => typeofa'],
    ['for another order', '(a, b) => a - b', '(a, b) => b - a'],
  ])('%s', (_why, one, other) => {
    expect(codeText(one)).not.toBe(codeText(other))
  })
})

test('the text of whatever is given ends, and white space around it changes nothing', () => {
  const anything = fc.string({ unit: fc.constantFrom(...Array.from('ab1 \n;,(){}[]/*\'"`$\\=>+-.')) })
  fc.assert(
    fc.property(anything, (text) => codeText(` \n${text}`) === codeText(text)),
    { numRuns: 2_000 },
  )
})
