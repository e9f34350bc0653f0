import type { Envelope, LoggedCommand, RejectionReason, TracedCommand } from '@headwater/client'

interface Cause {
  readonly actor?: string | null
  readonly correlationId?: string | null
  readonly causationId?: string | null
  readonly id?: string
}

export type Decision = { type: string; data: unknown }[] | RejectionReason

/** An in-memory log with a command log beside it: just enough to stand behind the fake gateway. */
export function createFakeLog(now: () => number) {
  const events: Envelope[] = []
  const commands: (LoggedCommand & TracedCommand)[] = []
  const revisions = new Map<string, number>()
  const listeners = new Set<(event: Envelope) => void>()

  function decide(type: string, payload: unknown, stream: string, decision: Decision, cause: Cause = {}) {
    const id =
      cause.id ?? `${type.toLowerCase().slice(0, 5)}-${(commands.length + 1).toString(36).padStart(5, '0')}`
    const at = new Date(now()).toISOString()
    const { actor = null, causationId = null } = cause
    const correlationId = cause.correlationId ?? id
    const rejected = !Array.isArray(decision)
    const appended: Envelope[] = (rejected ? [] : decision).map((fact, index) => {
      const revision = (revisions.get(stream) ?? 0) + 1
      revisions.set(stream, revision)
      const event: Envelope = {
        id: `${id}.${index + 1}`,
        type: fact.type,
        version: 1,
        stream,
        aggregateId: stream.slice(stream.indexOf('-') + 1),
        revision,
        position: events.length + 1,
        recordedAt: at,
        occurredAt: at,
        actor,
        correlationId,
        causationId: id,
        data: fact.data,
      }
      events.push(event)
      return event
    })
    const command: LoggedCommand & TracedCommand = {
      sequence: commands.length + 1,
      id,
      type,
      payload,
      actor,
      decidedAt: at,
      status: rejected ? 'rejected' : 'accepted',
      reason: rejected ? decision : null,
      reads: { streams: [[stream, (revisions.get(stream) ?? 0) - appended.length]] },
      stream,
      correlationId,
      causationId,
      position: appended.at(-1)?.position ?? null,
      events: appended.length,
    }
    commands.push(command)
    for (const event of appended) for (const listener of listeners) listener(event)
    return { command, appended }
  }

  return { events, commands, revisions, listeners, decide }
}

export type FakeLog = ReturnType<typeof createFakeLog>
