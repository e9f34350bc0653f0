/** The file of our database in a folder. */
export const ourFile = 'headwater.db'
/** That of the raw peer. */
export const rawFile = 'raw.db'
