/** One fault of a request: where it is (a JSON pointer into the body, a parameter or a header), and what it is. */
export interface Fault {
  readonly pointer?: string
  readonly parameter?: string
  readonly header?: string
  readonly detail: string
}

/** The parts of a problem document (RFC 9457) that Headwater fills in. */
export interface ProblemDocument {
  readonly type?: string
  readonly title?: string
  readonly status: number
  readonly code: string
  readonly detail?: string | undefined
  readonly errors?: readonly Fault[]
  /** The domain decided against the command: `code`, `detail` and `data` are the domain's own. */
  readonly rejected?: boolean
  readonly data?: unknown
  readonly [extension: string]: unknown
}

/**
 * The gateway refused or failed. `code` is stable and is what to branch on (`command.invalid`,
 * `log.conflict`, a rejection's own code…); `errors` points at each fault of what was sent.
 */
export class HeadwaterProblem extends Error {
  override readonly name = 'HeadwaterProblem'
  readonly code: string
  /** The HTTP status that carried it. */
  readonly status: number
  readonly errors: readonly Fault[]
  /** Whether the domain decided against the command, rather than something being wrong with the request. */
  readonly rejected: boolean
  /** The whole document, with the members that are particular to this code. */
  readonly document: ProblemDocument

  constructor(document: ProblemDocument) {
    super(document.detail ?? document.title ?? `${document.code} (${document.status})`)
    this.code = document.code
    this.status = document.status
    this.errors = document.errors ?? []
    this.rejected = document.rejected ?? false
    this.document = document
  }
}

/** Reads the problem out of a response; one that is not from Headwater gets the code `http.<status>`. */
export async function problemOf(response: Response): Promise<HeadwaterProblem> {
  const text = await response.text()
  const fallback = { status: response.status, code: `http.${response.status}`, detail: text.slice(0, 300) }
  if (!(response.headers.get('content-type') ?? '').includes('json')) return new HeadwaterProblem(fallback)
  const body: unknown = JSON.parse(text)
  if (typeof body !== 'object' || body === null) return new HeadwaterProblem(fallback)
  return new HeadwaterProblem({ ...fallback, detail: undefined, ...body, status: response.status })
}
