import { whenFree } from '../busy.ts'
import { connectWriter, loadDriver } from '../database.ts'
import { translated } from '../errors.ts'
import { prepareSchema } from '../schema.ts'
import { Engine } from './engine.ts'

/**
 * Opens the connection that writes, in a file that is made ready for it.
 *
 * @param busyTimeLimit milliseconds to wait for another process
 * @throws HeadwaterError `runtime.unsupported`, `log.format`, `log.busy`, `log.unavailable`
 */
export async function openEngine(path: string, busyTimeLimit: number): Promise<Engine> {
  const driver = await loadDriver()
  try {
    const database = connectWriter(driver, path)
    try {
      await whenFree(() => prepareSchema(database), path, busyTimeLimit)
      return new Engine(database)
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw translated(error, path)
  }
}
