import { HeadwaterError } from '../message/errors.ts'
import type { MemoryImage, TableTypes } from '../image/image.ts'
import { type ImageReader, ImageRunner, type ImageRunnerParts, type ImageSummary } from '../image/runner.ts'

/** The memory images of an app. */
export class Images {
  readonly #runners: ReadonlyMap<string, ImageRunner>

  constructor(images: ReadonlyMap<string, MemoryImage>, parts: ImageRunnerParts) {
    this.#runners = new Map([...images].map(([name, image]) => [name, new ImageRunner(image, parts)]))
  }

  run(): void {
    for (const runner of this.#runners.values()) runner.run()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()))
  }

  /** @throws HeadwaterError `image.unknown`, `tenant.invalid-name` */
  reader<Types>(image: MemoryImage<string, Types> | string, tenant?: string): ImageReader<Types> {
    const name = typeof image === 'string' ? image : image.name
    const runner = this.#runners.get(name)
    if (runner === undefined)
      throw new HeadwaterError('image.unknown', `This app has no memory image named ${name}`, {
        details: { image: name },
      })
    const reader: ImageReader<TableTypes> = runner.reader(tenant)
    return reader as ImageReader<Types>
  }

  summaries(): readonly ImageSummary[] {
    return [...this.#runners.values()].map((runner) => runner.summary())
  }
}
