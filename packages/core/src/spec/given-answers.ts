import type { CallSource, OutsideCalls } from '../external/calls.ts'
import { messageOf } from '../external/call-error.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyExternal, ExternalCall } from '../message/external.ts'
import { deepFreeze } from '../message/freeze.ts'
import { parse } from '../message/schema.ts'

/** What an external answers in a specification: an answer, one for each request, or the failure that it is. */
export type GivenAnswer<Request, Answer> = Answer | Error | ((request: Request) => Answer)

/** What the world outside answers in a specification. Nothing is called. */
export class GivenAnswers implements CallSource {
  readonly #answers: ReadonlyMap<string, readonly [external: AnyExternal, answer: unknown]>

  constructor(answers: ReadonlyMap<string, readonly [external: AnyExternal, answer: unknown]> = new Map()) {
    this.#answers = answers
  }

  and(external: AnyExternal, answer: unknown): GivenAnswers {
    return new GivenAnswers(new Map([...this.#answers, [external.type, [external, answer]]]))
  }

  /** @throws HeadwaterError `external.failed` where it was given, `external.blocked` where nothing was, `external.invalid-answer` */
  readonly take = <Answer>(call: ExternalCall<string, unknown, Answer>): Answer => {
    const given = this.given(call.external, call.request)
    const [external] = this.#answers.get(call.external) ?? []
    const schema = (external?.answer ?? anything) as Parameters<typeof parse<Answer>>[0]
    return deepFreeze(parse(schema, given, 'external.invalid-answer', `The answer of ${call.external}`))
  }

  /** What was given, as it was given. */
  given(name: string, request: unknown): unknown {
    const found = this.#answers.get(name)
    if (found === undefined) {
      const why = 'the specification gives it no answer: .answering(theExternal, { … })'
      throw new HeadwaterError('external.blocked', `${name} was not called: ${why}`)
    }
    const [, answer] = found
    if (answer instanceof HeadwaterError) throw answer
    if (answer instanceof Error)
      throw new HeadwaterError('external.failed', `${name} failed: ${messageOf(answer)}`)
    return typeof answer === 'function' ? (answer as (asked: unknown) => unknown)(request) : answer
  }

  callsOf(): OutsideCalls {
    return {
      call: async (call) => this.take(call),
      answer: this.take,
      reads: undefined,
      isWaiting: false,
      begin: () => undefined,
      fetch: async () => undefined,
    }
  }
}

const anything = {
  '~standard': { version: 1, vendor: 'headwater', validate: (value: unknown) => ({ value }) },
}
