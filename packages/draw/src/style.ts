const light = {
  paper: '#ffffff',
  ink: '#1c2733',
  soft: '#5b6b7b',
  line: '#8494a4',
  box: '#f2f6fa',
  edge: '#9fb1c3',
  command: '#1f5fbf',
  event: '#8a4b08',
  lit: '#fff1c9',
  litEdge: '#c98a00',
}

const dark: Readonly<Record<keyof typeof light, string>> = {
  paper: '#11161c',
  ink: '#e6edf3',
  soft: '#9aa8b6',
  line: '#6f8093',
  box: '#1c2530',
  edge: '#4d6074',
  command: '#8ab8ff',
  event: '#f0b072',
  lit: '#4a3a10',
  litEdge: '#f2c14e',
}

/** Its names are found only in drawings, since a drawing may stand in a page. */
const rules = `
.headwater-drawing{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
.headwater-drawing text{text-anchor:middle;dominant-baseline:central;fill:var(--ink);font-size:12px}
.headwater-drawing text.name{font-size:13px;font-weight:600}
.headwater-drawing text.command{fill:var(--command)}
.headwater-drawing text.event{fill:var(--event)}
.headwater-drawing text.note{font-size:11px;fill:var(--soft)}
.headwater-drawing rect{fill:var(--box);stroke:var(--edge);stroke-width:1.25}
.headwater-drawing rect.paper{fill:var(--paper);stroke:none}
.headwater-drawing rect.group{fill:none;stroke-dasharray:5 4}
.headwater-drawing rect.label{fill:var(--paper);stroke:none;opacity:.9}
.headwater-drawing rect.inner{fill:none}
.headwater-drawing rect.command{stroke:var(--command)}
.headwater-drawing rect.event{stroke:var(--event)}
.headwater-drawing rect.lit{fill:var(--lit);stroke:var(--lit-edge);stroke-width:2;stroke-dasharray:none}
.headwater-drawing rect.inner.lit,.headwater-drawing rect.group.lit{fill:none}
.headwater-drawing path.arrow{fill:none;stroke:var(--line);stroke-width:1.4}
.headwater-drawing path.tip,.headwater-drawing circle.start{fill:var(--line)}
`

function variables(colours: typeof dark): string {
  const entries = Object.entries(colours).map(([name, colour]) => {
    return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${colour}`
  })
  return `.headwater-drawing{${entries.join(';')}}`
}

/** The style of a drawing, for light and dark or for one of them. */
export function style(theme: 'auto' | 'light' | 'dark'): string {
  const colours =
    theme === 'auto'
      ? `${variables(light)}\n@media (prefers-color-scheme:dark){${variables(dark)}}`
      : variables(theme === 'dark' ? dark : light)
  return `${colours}${rules}`
}
