import { HeadwaterError } from './errors.ts'

/** What is being encoded: nothing that a user wrote is stored in any other way. */
export type PayloadKind =
  | 'event'
  | 'command'
  | 'rejection'
  | 'document'
  | 'snapshot'
  | 'result'
  /** To an external. */
  | 'request'
  /** Of an external. */
  | 'answer'

/** An encoded payload: text is stored as text, bytes as bytes. */
export type Encoded = string | Uint8Array

/**
 * Turns payloads into what is stored, and back. The one place through which a payload reaches a disk or a wire, so that
 * encryption of personal fields and compact formats need no second one.
 */
export interface PayloadCodec {
  encode(kind: PayloadKind, type: string, version: number, value: unknown): Encoded
  decode(kind: PayloadKind, type: string, version: number, encoded: Encoded): unknown
}

/** JSON text: the default. */
export const jsonCodec: PayloadCodec = {
  encode(kind, type, _version, value) {
    try {
      return JSON.stringify(value) ?? 'null'
    } catch (cause) {
      throw new HeadwaterError('codec.failed', `The data of ${kind} ${type} is not JSON`, { cause })
    }
  },
  decode(kind, type, _version, encoded) {
    try {
      return JSON.parse(typeof encoded === 'string' ? encoded : new TextDecoder().decode(encoded))
    } catch (cause) {
      throw new HeadwaterError('codec.failed', `The stored ${kind} ${type} is not JSON`, { cause })
    }
  },
}
