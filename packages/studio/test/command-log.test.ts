import type { LoggedCommand } from '@headwater/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCommand, newestSequence } from '../src/data/command-log.ts'

function logOf(length: number) {
  let requests = 0
  const command = (sequence: number): LoggedCommand => ({
    sequence,
    id: `c${sequence}`,
    type: 'Do',
    payload: {},
    actor: null,
    decidedAt: new Date(sequence * 1_000).toISOString(),
    status: 'accepted',
    correlationId: null,
    causationId: null,
    reads: {},
    position: sequence,
    events: 1,
  })
  const commands = async ({ after = 0, limit = 100 }: { after?: number; limit?: number } = {}) => {
    requests++
    const size = Math.max(0, Math.min(limit, length - after))
    return {
      commands: Array.from({ length: size }, (_, index) => command(after + index + 1)),
      scannedTo: after + size,
    }
  }
  return { commands, command, requests: () => requests }
}

describe('the command log read from its end', () => {
  it('finds its end, however long it is, in few requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 3_000_000 }), async (length) => {
        const log = logOf(length)
        expect(await newestSequence(log)).toBe(length)
        expect(log.requests()).toBeLessThan(45)
      }),
    )
  })

  it('finds the row of a command by the time at which it was decided', async () => {
    const log = logOf(100_000)
    const wanted = log.command(73_219)
    expect(await findCommand(log, wanted.id, wanted.decidedAt)).toEqual(wanted)
    expect(log.requests()).toBeLessThan(60)
  })

  it('gives up on a row that is not there without reading the whole log', async () => {
    const log = logOf(100_000)
    expect(await findCommand(log, 'nobody', log.command(500).decidedAt)).toBeUndefined()
    expect(log.requests()).toBeLessThan(60)
  })
})
