/**
 * Counts and durations that are taken on every request. prom-client puts the labels together anew for each observation,
 * which costs more than a microsecond; here a series is found once, and counting is an addition.
 */
abstract class Family<Series> {
  readonly #name: string
  readonly #help: string
  readonly #type: string
  readonly #labelNames: readonly string[]
  readonly #series = new Map<string, { readonly labels: string; readonly series: Series }>()

  constructor(name: string, help: string, type: string, labelNames: readonly string[]) {
    this.#name = name
    this.#help = help
    this.#type = type
    this.#labelNames = labelNames
  }

  protected abstract start(): Series
  protected abstract lines(name: string, labels: string, series: Series): string

  /** The series of these values, in the order of the labels' names. */
  of(...values: readonly (string | number)[]): Series {
    const key = values.join('\n')
    const known = this.#series.get(key)
    if (known !== undefined) return known.series
    const labels = this.#labelNames.map((name, index) => `${name}="${escape(values[index])}"`).join(',')
    const series = this.start()
    this.#series.set(key, { labels, series })
    return series
  }

  /** In the text format of Prometheus. */
  text(): string {
    const lines = [...this.#series.values()].map(({ labels, series }) =>
      this.lines(this.#name, labels, series),
    )
    return `# HELP ${this.#name} ${this.#help}\n# TYPE ${this.#name} ${this.#type}\n${lines.join('')}`
  }
}

/** A number that only rises, by labels. */
export class Tally extends Family<{ count: number }> {
  constructor(name: string, help: string, labelNames: readonly string[]) {
    super(name, help, 'counter', labelNames)
  }

  protected start(): { count: number } {
    return { count: 0 }
  }

  protected lines(name: string, labels: string, { count }: { count: number }): string {
    return `${name}{${labels}} ${count}\n`
  }
}

/** Seconds: from what memory answers in to what a time limit ends. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Durations of one series, in buckets. */
export class Durations {
  readonly #counts = bounds.map(() => 0)
  #count = 0
  #sum = 0

  observe(seconds: number): void {
    this.#count += 1
    this.#sum += seconds
    for (let index = 0; index < bounds.length; index++) {
      if (seconds > (bounds[index] ?? 0)) continue
      this.#counts[index] = (this.#counts[index] ?? 0) + 1
      return
    }
  }

  lines(name: string, labels: string): string {
    let below = 0
    const buckets = bounds.map((bound, index) => {
      below += this.#counts[index] ?? 0
      return `${name}_bucket{${labels},le="${bound}"} ${below}\n`
    })
    const rest = `${name}_bucket{${labels},le="+Inf"} ${this.#count}\n`
    return `${buckets.join('')}${rest}${name}_sum{${labels}} ${this.#sum}\n${name}_count{${labels}} ${this.#count}\n`
  }
}

/** Durations by labels. */
export class Histogram extends Family<Durations> {
  constructor(name: string, help: string, labelNames: readonly string[]) {
    super(name, help, 'histogram', labelNames)
  }

  protected start(): Durations {
    return new Durations()
  }

  protected lines(name: string, labels: string, series: Durations): string {
    return series.lines(name, labels)
  }
}

function escape(value: string | number | undefined): string {
  return String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
