import { describe, expect, it } from 'vitest'
import { count, rate } from '../src/format/number.ts'
import { summaryOf } from '../src/format/json.ts'
import { ago, duration, isTime } from '../src/format/time.ts'
import { connectedTo, flowOf } from '../src/rooms/overview/flow-layout.ts'
import { startOf, withField } from '../src/rooms/send/form-values.ts'
import { columnsOf } from '../src/rooms/views/columns.ts'

describe('the columns of a view', () => {
  it('are the fields of its documents, the one that repeats the key first', () => {
    const documents = [
      { key: 'a', position: 1, doc: { total: 5, name: 'a', note: null } },
      { key: 'b', position: 2, doc: { total: 6, name: 'b', more: [1] } },
    ]
    expect(columnsOf(documents)).toEqual([
      { field: 'name', numeric: false, isKey: true },
      { field: 'total', numeric: true, isKey: false },
      { field: 'note', numeric: false, isKey: false },
      { field: 'more', numeric: false, isKey: false },
    ])
  })
})

describe('the form of a command', () => {
  const schema = {
    type: 'object',
    required: ['name', 'lines', 'size'],
    properties: {
      name: { type: 'string' },
      note: { type: 'string' },
      size: { enum: ['S', 'M'] },
      lines: {
        type: 'array',
        items: { type: 'object', properties: { by: { type: 'integer', default: 1 } }, required: ['by'] },
      },
    },
  }

  it('starts with defaults and with what the shape needs', () => {
    expect(startOf(schema)).toEqual({ name: undefined, lines: [{ by: 1 }], size: 'S' })
  })

  it('takes an emptied field out of the data', () => {
    expect(withField({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 })
    expect(withField(undefined, 'a', 1)).toEqual({ a: 1 })
    expect(Object.keys(withField({ a: 1, b: 2 }, 'a', 3))).toEqual(['a', 'b'])
  })
})

describe('the flow of an application', () => {
  const shared = { context: 'c', description: null, schema: null }
  const flow = flowOf(
    {
      app: 'test',
      contexts: [
        {
          name: 'c',
          aggregates: [
            {
              name: 'a',
              id: 'aId',
              commands: ['DoA'],
              events: ['ADone', 'AFailed'],
              concurrency: 'optimistic',
            },
            { name: 'b', id: 'bId', commands: ['DoB'], events: ['BDone'], concurrency: 'optimistic' },
          ],
          views: [{ name: 'v', lifecycle: 'async', events: ['ADone'], indexes: [], search: [] }],
          subscriptions: [{ name: 's', events: ['ADone'], when: 'async' }],
        },
      ],
      events: [],
      rules: [],
      queries: [],
      commands: [
        { ...shared, name: 'DoA', aggregate: 'a' },
        { ...shared, name: 'DoB', aggregate: 'b' },
      ],
    },
    [{ subscription: 's', command: 'DoB' }],
  )

  it('leads from commands over aggregates and events to what reacts', () => {
    expect([...connectedTo('event ADone', flow.edges)].sort()).toEqual([
      'aggregate a',
      'command DoA',
      'event ADone',
      'subscription s',
      'view v',
    ])
    expect(connectedTo('subscription s', flow.edges)).toContain('command DoB')
  })

  it('places no two parts on one another', () => {
    for (const one of flow.nodes) {
      const others = flow.nodes.filter((other) => other !== one && other.x === one.x)
      for (const other of others) expect(Math.abs(other.y - one.y)).toBeGreaterThanOrEqual(28)
    }
  })
})

describe('what is written', () => {
  it('is short and says its unit', () => {
    expect([count(1, 'event'), count(1_234, 'event')]).toEqual(['1 event', '1,234 events'])
    expect([rate(0), rate(0.44), rate(1_234.5)]).toEqual(['0', '0.4', '1,235'])
    expect([duration(0.0421), duration(3.21), duration(600)]).toEqual(['42 ms', '3.2 s', '10 min'])
    const now = Date.parse('2026-01-01T12:00:00Z')
    const at = (seconds: number) => ago(new Date(now - seconds * 1_000).toISOString(), now)
    expect([at(0), at(45), at(600), at(7_300), at(200_000)]).toEqual([
      'now',
      '45 s ago',
      '10 min ago',
      '2 h ago',
      '30 Dec 2025',
    ])
    expect([isTime('2026-01-01T12:00:00.000Z'), isTime('2026-01-01')]).toEqual([true, false])
  })

  it('tells of an event its simple fields and how long its lists are', () => {
    const data = { orderId: '7', lines: [1, 2], address: { city: 'Cork' }, none: null }
    expect(summaryOf(data).map(({ name, value }) => `${name}=${value}`)).toEqual([
      'orderId=7',
      'lines=[2]',
      'address.city=Cork',
    ])
  })
})
