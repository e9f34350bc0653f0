import { command, event, machine } from '@headwater/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { anyMachine } from '../../core/test/decide/machine/any-machine.ts'
import { pizza } from '../../core/test/support/pizza.ts'
import { chartPicture } from '../src/chart-picture.ts'
import { toMermaid, toSvg } from '../src/index.ts'
import { type Box, layout } from '../src/layout.ts'
import { textsOf, wellFormed } from './xml.ts'

const label = '[A-Za-z0-9 _.,/()+=*?!|↺→#;-]+'
const id = '[A-Za-z][A-Za-z0-9_]*'
/** The part of Mermaid's grammar for state diagrams that is used here; its own parser has seen that it is one. */
const mermaidLine = new RegExp(
  `^ *(?:${[
    `\\[\\*\\] --> ${id}`,
    `state "${label}" as ${id}(?: \\{)?`,
    '\\}',
    `${id} --> (?:\\[\\*\\]|${id} : ${label})`,
    `note right of ${id} : ${label}`,
    `classDef current [a-z0-9#:,]+`,
    `class ${id} current`,
  ].join('|')})$`,
)

describe('a machine as Mermaid', () => {
  test('is a state diagram, whatever the machine', () => {
    fc.assert(
      fc.property(anyMachine, ({ machine: any }) => {
        const [fence, title, end, head, ...lines] = toMermaid(any, { state: 'start' }).trimEnd().split('\n')
        expect([fence, title, end, head]).toEqual(['---', 'title: "any"', '---', 'stateDiagram-v2'])
        expect(lines.filter((line) => !mermaidLine.test(line))).toEqual([])
        const depth = lines.map((line) => (line.endsWith('{') ? 1 : line.trim() === '}' ? -1 : 0))
        expect(depth.reduce<number>((sum, step) => sum + step, 0)).toBe(0)
      }),
    )
  })

  test('names every state once, and each before anything leads to it', () => {
    fc.assert(
      fc.property(anyMachine, ({ machine: any }) => {
        const text = toMermaid(any)
        const named = [...text.matchAll(/state ".*" as (\S+)/g)].map(([, name]) => name)
        expect(new Set(named).size).toBe(any.chart.states.length)
        for (const [, from, to] of text.matchAll(/^ {2}(\w+) --> (\w+) :/gm)) {
          expect(named).toContain(from)
          expect(named).toContain(to)
        }
      }),
    )
  })

  test('says what leads where', () => {
    const text = toMermaid(pizza, { state: 'kitchen.baked' })
    expect(text).toContain('  placed --> kitchen : Pay / PaymentReceived #91;isPaid#93;')
    expect(text).toContain('  kitchen --> cancelled : Cancel #91;isCold#93; / Cancelled')
    expect(text).toContain('    state "baked" as kitchen_baked')
    expect(text).toContain('  note right of kitchen : Burned → ↺')
    expect(text).toContain('  class kitchen_baked current')
  })

  test("avoids Mermaid's own words, and keeps names apart that look alike without their signs", () => {
    const Went = event('Went', z.object({}))
    const Go = command('Go', z.object({ oddId: z.string() }))
    const odd = machine('odd', {
      events: [Went],
      commands: [Go],
      initial: 'end',
      states: {
        end: { commands: { Go: 'Went' }, on: { Went: 'a-b' } },
        'a-b': { on: { Went: 'a_b' } },
        a_b: { final: true },
      },
    })
    const text = toMermaid(odd)
    expect(text).toContain('state "end" as s_end')
    expect(text).toContain('a_b --> a_b_2 : Went')
  })
})

describe('a machine as SVG', () => {
  test('is well-formed and tells every state and event, whatever the machine', () => {
    fc.assert(
      fc.property(anyMachine, ({ machine: any }) => {
        const drawing = toSvg(any)
        expect(wellFormed(drawing)).toBe('')
        const told = textsOf(drawing).join('\n')
        for (const { path, transitions } of any.chart.states) {
          expect(told).toContain(path.slice(path.lastIndexOf('.') + 1))
          for (const { event: type } of transitions) expect(told).toContain(type)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('keeps states, and the texts of arrows, out of each other’s way', () => {
    fc.assert(
      fc.property(anyMachine, ({ machine: any }) => {
        const { nodes, edges, width, height } = layout(chartPicture('any', any.chart))
        const labels = edges.flatMap(({ label: box }) => (box === undefined ? [] : [box]))
        const paper = { x: width / 2, y: height / 2, width: width + 1, height: height + 1 }
        for (const [index, node] of nodes.entries()) {
          expect(isInside(node, paper)).toBe(true)
          for (const other of nodes.slice(index + 1)) expect(overlap(node, other)).toBe(false)
          for (const box of labels) expect(overlap(node, box)).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('lets arrows begin and end at the borders of what they join', () => {
    const { nodes, groups, edges } = layout(chartPicture('pizza', pizza.chart))
    const boxes = new Map<string, Box>([...nodes, ...groups].map((box) => [box.id, box]))
    for (const { from, to, fromGroup, toGroup, points } of edges) {
      const [first, last] = [points[0], points.at(-1)]
      expect(first && isOnBorder(first, boxes.get(fromGroup ?? from))).toBe(true)
      expect(last && isOnBorder(last, boxes.get(toGroup ?? to))).toBe(true)
    }
  })

  test('highlights a state and the states around it', () => {
    const drawing = toSvg(pizza, { state: 'kitchen.baked' })
    expect(drawing.match(/class="(?:state|group) lit"/g)?.sort()).toEqual([
      'class="group lit"',
      'class="state lit"',
    ])
    expect(toSvg(pizza)).not.toContain('lit"')
  })

  test('is for light and dark, or for one of them', () => {
    expect(toSvg(pizza)).toContain('prefers-color-scheme:dark')
    expect(toSvg(pizza, { theme: 'dark' })).not.toContain('prefers-color-scheme')
    expect(toSvg(pizza, { theme: 'dark' })).not.toBe(toSvg(pizza, { theme: 'light' }))
  })

  test('takes the name of a guard for text, whatever it is', () => {
    const Went = event('Went', z.object({}))
    const guard = Object.defineProperty(() => true, 'name', { value: '<script>&"\u0000' })
    const sly = machine('sly', {
      events: [Went],
      commands: [],
      initial: 'a',
      states: { a: { on: { Went: [{ guard, target: 'b' }] } }, b: {} },
    })
    const drawing = toSvg(sly)
    expect(wellFormed(drawing)).toBe('')
    expect(drawing).not.toContain('<script')
    expect(toMermaid(sly)).toContain('Went #91;#60;script#62;#38;#34;#0;#93;')
  })
})

function overlap(one: Box, other: Box): boolean {
  const nearX = Math.abs(one.x - other.x) < (one.width + other.width) / 2 - 0.5
  return nearX && Math.abs(one.y - other.y) < (one.height + other.height) / 2 - 0.5
}

function isInside(inner: Box, outer: Box): boolean {
  const fits = (one: number, size: number, other: number, room: number) =>
    Math.abs(one - other) <= (room - size) / 2
  return (
    fits(inner.x, inner.width, outer.x, outer.width) && fits(inner.y, inner.height, outer.y, outer.height)
  )
}

function isOnBorder({ x, y }: { x: number; y: number }, box: Box | undefined): boolean {
  if (box === undefined) return false
  const [dx, dy] = [Math.abs(x - box.x) - box.width / 2, Math.abs(y - box.y) - box.height / 2]
  return Math.abs(Math.max(dx, dy)) < 1
}
