import { type ReactNode, useEffect, useState } from 'react'
import { Link, useRoute } from 'wouter'
import { useCatalog } from '../data/catalog-context.tsx'
import { paths } from '../data/paths.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Logo } from '../ui/logo.tsx'
import { BranchSwitch } from './branch-switch.tsx'
import { Connection } from './connection.tsx'
import { Palette } from './palette.tsx'
import { ThemeSwitch } from './theme-switch.tsx'
import './shell.css'

const rooms: readonly (readonly [string, string, IconName, string])[] = [
  ['Overview', paths.overview, 'overview', '/'],
  ['Live', paths.live, 'live', '/live'],
  ['Streams', paths.streams, 'stream', '/streams/*?'],
  ['Commands', paths.commands, 'command', '/commands/*?'],
  ['Views', paths.views, 'view', '/views/*?'],
  ['Processing', paths.processing, 'processing', '/processing/*?'],
  ['Branches', paths.branches, 'branch', '/branches/*?'],
  ['Debugger', paths.debugger, 'debugger', '/debugger'],
  ['Queries', paths.queries, 'query', '/queries/*?'],
  ['Externals', paths.externals, 'external', '/externals/*?'],
]

/** What is there in every room: the way to the others, the connection, and the palette. */
export function Shell({ children }: { children: ReactNode }) {
  const { catalog } = useCatalog()
  const [searching, setSearching] = useState(false)

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      setSearching((open) => !open)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])

  return (
    <div className="shell">
      <a className="skip" href="#room">
        Skip to the room
      </a>
      <header className="side">
        <Link href={paths.overview} className="brand" title="Headwater Studio">
          <Logo />
          <span className="brand-words">
            <span className="brand-name">Headwater</span>
            <span className="brand-app cut">{catalog?.app ?? '\u00a0'}</span>
          </span>
        </Link>
        <button
          type="button"
          className="side-search"
          onClick={() => setSearching(true)}
          title="Go anywhere (⌘K)"
        >
          <Icon name="search" size={14} />
          <span>Go to…</span>
          <kbd>⌘K</kbd>
        </button>
        <nav aria-label="Rooms">
          {rooms.map(([name, path, icon, pattern]) => (
            <RoomLink key={path} name={name} path={path} icon={icon} pattern={pattern} />
          ))}
        </nav>
        <div className="side-foot">
          <BranchSwitch />
          <Connection />
          <ThemeSwitch />
        </div>
      </header>
      <main id="room" className="room">
        {children}
      </main>
      {searching && <Palette onClose={() => setSearching(false)} />}
    </div>
  )
}

function RoomLink({
  name,
  path,
  icon,
  pattern,
}: {
  name: string
  path: string
  icon: IconName
  pattern: string
}) {
  const [here] = useRoute(pattern)
  return (
    <Link href={path} className="room-link" aria-current={here ? 'page' : undefined} title={name}>
      <Icon name={icon} />
      <span>{name}</span>
    </Link>
  )
}
