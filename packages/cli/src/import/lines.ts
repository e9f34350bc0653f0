import { HeadwaterError } from '@headwater/core'

export interface Line {
  /** From 1. */
  readonly number: number
  /** Without its end. */
  readonly text: string
}

type Decoder = InstanceType<typeof TextDecoder>

const longestLine = 16 * 1024 * 1024

/**
 * The lines of a file as they are read, a chunk's worth at a time; `\n`, `\r\n` and a byte order mark are taken off.
 *
 * @throws HeadwaterError `import.failed` where a line is not text in the encoding, or has no end
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<readonly Line[]> {
  const decoder = decoderFor(encoding)
  let number = 0
  let rest = ''
  for await (const chunk of chunks) {
    const texts = (rest + decode(decoder, chunk, number)).split('\n')
    rest = texts.pop() ?? ''
    if (rest.length > longestLine)
      throw new HeadwaterError('import.failed', `Line ${number + texts.length + 1} has no end`)
    yield texts.map((text) => ({ number: ++number, text: withoutReturn(text) }))
  }
  const last = rest + decode(decoder, undefined, number)
  if (last !== '') yield [{ number: number + 1, text: withoutReturn(last) }]
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

function decoderFor(encoding: string): Decoder {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch (cause) {
    throw new HeadwaterError('import.failed', `There is no encoding ${JSON.stringify(encoding)}`, { cause })
  }
}

function decode(decoder: Decoder, chunk: Uint8Array | undefined, after: number): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined })
  } catch (cause) {
    const message = `Somewhere after line ${after} the file is not ${decoder.encoding}: set the map's encoding, for example windows-1252`
    throw new HeadwaterError('import.failed', message, { cause })
  }
}
