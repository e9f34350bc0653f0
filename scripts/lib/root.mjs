import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's top folder; scripts work from there wherever they are called from. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** @param {...string} parts a path below the repository's top folder */
export const inRoot = (...parts) => join(root, ...parts)

/** The export condition under which packages resolve each other to their sources. */
export const sourceCondition = '--conditions=@headwater/source'
