const part = encodeURIComponent

/** Where each thing is shown, within Studio. */
export const paths = {
  overview: '/',
  live: '/live',
  streams: '/streams',
  stream: (stream: string, revision?: number) =>
    `/streams/${part(stream)}${revision === undefined ? '' : `?revision=${revision}`}`,
  event: (id: string) => `/events/${part(id)}`,
  commands: '/commands',
  command: (id: string, sequence?: number) =>
    `/commands/${part(id)}${sequence === undefined ? '' : `?sequence=${sequence}`}`,
  send: (type: string) => `/send/${part(type)}`,
  views: '/views',
  view: (name: string) => `/views/${part(name)}`,
  document: (view: string, key: string) => `/views/${part(view)}/${part(key)}`,
  liveOf: (type: string) => `/live?types=${part(type)}`,
}
