import { count, whole } from '../format/number.ts'
import { Button } from './button.tsx'
import './pager.css'

interface PagerProps {
  /** From 0. */
  readonly page: number
  readonly size: number
  readonly total: number
  /** What it is that there are so many of. */
  readonly thing: string
  readonly onPage: (page: number) => void
}

/** The way through a list that is known wholly. */
export function Pager({ page, size, total, thing, onPage }: PagerProps) {
  const last = Math.max(0, Math.ceil(total / size) - 1)
  const first = page * size + 1
  return (
    <footer className="pager">
      <span className="faint number" role="status">
        {last === 0
          ? count(total, thing)
          : `${whole(first)}–${whole(Math.min(total, first + size - 1))} of ${count(total, thing)}`}
      </span>
      {last > 0 && (
        <>
          <Button icon="back" disabled={page === 0} onClick={() => onPage(page - 1)}>
            Back
          </Button>
          <Button disabled={page >= last} onClick={() => onPage(page + 1)}>
            Next page
          </Button>
        </>
      )}
    </footer>
  )
}
