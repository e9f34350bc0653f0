import type { Encoded, PayloadCodec } from '../message/codec.ts'
import { codeHash } from '../message/code-hash.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyExternal } from '../message/external.ts'
import { lostPart } from '../message/faithful.ts'
import { deepFreeze } from '../message/freeze.ts'

/** How requests and answers are written into the journal: redacted, of a bounded length, and such that they come back. */
export class CallRecords {
  readonly #codec: PayloadCodec

  constructor(codec: PayloadCodec) {
    this.#codec = codec
  }

  /** @throws HeadwaterError `external.too-large`, `codec.failed` */
  request(external: AnyExternal, request: unknown): { readonly hash: string; readonly request: Encoded } {
    const { type, redact } = external
    const shown = redact.request === undefined ? request : redact.request(request)
    const encoded = this.#codec.encode('request', type, 1, shown)
    requireShort(external, 'request', encoded)
    return { hash: codeHash(shown), request: encoded }
  }

  /** @throws HeadwaterError `external.too-large`, `external.invalid-answer`, `codec.failed` */
  answer(external: AnyExternal, answer: unknown): Encoded {
    const { type, redact } = external
    const shown = redact.answer === undefined ? answer : redact.answer(answer)
    const encoded = this.#codec.encode('answer', type, 1, shown)
    requireShort(external, 'answer', encoded)
    const lost = lostPart(shown, this.#codec.decode('answer', type, 1, encoded))
    if (lost === undefined) return encoded
    throw new HeadwaterError('external.invalid-answer', `The answer of ${type} can’t be replayed: ${lost}`)
  }

  readRequest(type: string, encoded: Encoded): unknown {
    return this.#codec.decode('request', type, 1, encoded)
  }

  readAnswer(type: string, encoded: Encoded): unknown {
    return deepFreeze(this.#codec.decode('answer', type, 1, encoded))
  }
}

function requireShort({ type, longest }: AnyExternal, what: 'request' | 'answer', { length }: Encoded): void {
  if (length <= longest) return
  const message = `The ${what} of ${type} is ${length} long, and ${longest} at most is journaled`
  throw new HeadwaterError('external.too-large', message, {
    details: { external: type, what, length, longest },
  })
}
