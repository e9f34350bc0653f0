import { describe, expect, it } from 'vitest'
import { command } from '../src/command/command.ts'
import { nearest } from '../src/command/nearest.ts'
import { flag, integer, list, text } from '../src/command/options.ts'
import { parseLine } from '../src/command/parse.ts'

const look = command({
  name: 'look',
  summary: 'Look',
  examples: [],
  arguments: { what: { description: 'What' }, where: { description: 'Where', optional: true } },
  options: {
    limit: integer('<n>', 'How many', { min: 1, max: 10, default: 5 }),
    types: list('<types>', 'Which'),
    correlationId: text('<id>', 'Of what'),
    watch: flag('Go on', { default: true }),
  },
  run: async () => undefined,
})

describe('a command line', () => {
  it('is read into arguments and options, with defaults', () => {
    expect(parseLine(look, ['log', '--types', 'A,B', '--types=C', '--correlation-id', 'x'])).toEqual({
      args: { what: 'log', where: undefined },
      options: { limit: 5, types: ['A', 'B', 'C'], correlationId: 'x', watch: true },
      fields: {},
    })
  })

  it('takes options of other names where the command does', () => {
    const ask = command({
      name: 'ask',
      summary: 'Ask',
      examples: [],
      fields: 'of it',
      run: async () => undefined,
    })
    const line = ['--orderId', '7', '--tag=a', '--tag', 'b', '--loud', '--no-more', '--last']
    expect(parseLine(ask, line).fields).toEqual({
      orderId: ['7'],
      tag: ['a', 'b'],
      loud: ['true'],
      more: ['false'],
      last: ['true'],
    })
    expect(() => parseLine(ask, ['surplus', '--orderId', '7'])).toThrow('one argument too many')
    expect(() => parseLine(ask, ['-x'])).toThrow('has no option -x')
  })

  it('turns flags off by --no', () => {
    expect(parseLine(look, ['log', '--no-watch']).options['watch']).toBe(false)
  })

  it('takes what follows -- as arguments, whatever it looks like', () => {
    expect(parseLine(look, ['--', '--limit']).args['what']).toBe('--limit')
  })

  it.each([
    ['an option that is not there', ['log', '--limt', '3'], 'Did you mean --limit?'],
    ['a value that is none', ['log', '--limit', 'x'], 'Give a whole number from 1 to 10.'],
    ['a value out of range', ['log', '--limit', '11'], 'Give a whole number from 1 to 10.'],
    ['an option without its value', ['log', '--types'], 'Write --types <value>, or --types=<value>.'],
    ['a flag with a value', ['log', '--watch=yes'], 'Write --watch to turn it on.'],
    ['an argument that is missing', [], 'See headwater look --help.'],
    [
      'an argument too many',
      ['a', 'b', 'c'],
      'Put what belongs together in quotes, or see headwater look --help.',
    ],
  ])('is refused for %s, with what to do', (_what, argv, remedy) => {
    expect(() => parseLine(look, argv)).toThrow(
      expect.objectContaining({ code: 'cli.usage', exit: 'usage', remedy }),
    )
  })
})

describe('the nearest name', () => {
  it.each([
    ['raed', 'read'],
    ['exprt', 'export'],
    ['doc', 'doctor'],
    ['xyz', undefined],
  ])('to %s is %s', (written, name) => {
    expect(nearest(written, ['read', 'export', 'doctor', 'view'])).toBe(name)
  })
})
