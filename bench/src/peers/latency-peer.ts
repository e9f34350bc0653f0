/** Who takes part in the latency bench. */
export interface LatencyPeer {
  readonly name: string
  open(folder: string, nextStream: () => string): Promise<LatencyLoad>
}

export interface LatencyLoad {
  /** Appends one event; milliseconds from before the append until the asynchronous view has it. */
  sample(): Promise<number>
  close(): Promise<void>
}
