const paths = {
  overview: 'M3 7.5 8 3l5 4.5V13H3z',
  live: 'M2 8.5h2.5L6.5 4l3 8.5 2-4H14',
  stream: 'M5 2.5c4 2 4 3.5 1 5.5s-2 3.5 4 5.5M3 5.5h0M3 10.5h0',
  command: 'm3 4 4 4-4 4M8.5 12.5H13',
  view: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  query:
    'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM6.4 6.6a1.7 1.7 0 1 1 2.4 1.6c-.5.3-.8.6-.8 1.1M8 11.2h0',
  processing: 'M3 7.5A5 5 0 0 1 12 5l1 1.2M13 3.2v3h-3M13 8.5A5 5 0 0 1 4 11l-1-1.2M3 12.8v-3h3',
  external: 'M7 3.5H3.5v9h9V9M9.5 2.5h4v4M13.500 2.5 7.500 8.500',
  branch: 'M4.5 3v10M4.500 10.500c0-4 7-2 7-6M2.9 3h3.200M2.9 13h3.200M9.9 3.500h3.200',
  flow: 'M3 3.5h3v3H3zM10 9.5h3v3h-3zM6 5c4 0 1.5 6 4 6',
  debugger: 'M3 4v8M6 4v8l6-4zM13.500 4v8',
  search: 'M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.5 3.5',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5v9l7.5-4.5z',
  close: 'm4 4 8 8M12 4l-8 8',
  chevron: 'm6 4 4 4-4 4',
  down: 'm4 6 4 4 4-4',
  up: 'm4 10 4-4 4 4',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13 9.500A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z',
  system: 'M2.5 3.5h11v7h-11zM6 13h4M8 10.5V13',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
  check: 'm3.5 8.5 3 3 6-7',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  send: 'M2.5 8 13 3l-3.5 10-2.5-4zM7 9l6-6',
  alert: 'M8 2.5 14 13H2zM8 6.5v3M8 11.3h0',
  back: 'm10 4-4 4 4 4',
} as const

export type IconName = keyof typeof paths

/** A small drawing beside a word: the word says it too, so a reader of the screen is not told twice. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
