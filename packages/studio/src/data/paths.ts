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
  forecast: (view: string) => `/views/${part(view)}/forecast`,
  versions: (view: string) => `/views/${part(view)}/versions`,
  document: (view: string, key: string) => `/views/${part(view)}/${part(key)}`,
  processing: '/processing',
  processor: (name: string) => `/processing/${part(name)}`,
  branches: '/branches',
  branch: (name: string) => `/branches/${part(name)}`,
  branchDifference: (name: string) => `/branches/${part(name)}/differences`,
  branchMerge: (name: string) => `/branches/${part(name)}/merge`,
  branchReplay: (name: string) => `/branches/${part(name)}/replay`,
  debugger: '/debugger',
  debuggerAt: (position: number, stream?: string) =>
    `/debugger?from=${position}${stream === undefined ? '' : `&stream=${part(stream)}`}`,
  externals: '/externals',
  external: (name: string, call?: number) =>
    `/externals/${part(name)}${call === undefined ? '' : `?call=${call}`}`,
  queries: '/queries',
  query: (name: string) => `/queries/${part(name)}`,
  liveOf: (type: string) => `/live?types=${part(type)}`,
}
