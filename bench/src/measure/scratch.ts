import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Next to the code, hence on a disk: where the system's temporary folder is memory, `fsync` costs nothing. */
const root = join(import.meta.dirname, '../../.scratch')
const folders = new Set<string>()

process.on('exit', () => {
  for (const folder of folders) removeFolder(folder)
})

/** A new folder for databases; removed by `removeFolder`, at the latest when the process ends. */
export function makeFolder(): string {
  mkdirSync(root, { recursive: true })
  const folder = mkdtempSync(join(root, 'run-'))
  folders.add(folder)
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  folders.delete(folder)
}

export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = makeFolder()
  try {
    return await work(folder)
  } finally {
    removeFolder(folder)
  }
}
