import { summaryOf } from '../format/json.ts'
import './summary.css'

/** What data says, on one line. What repeats `without`, such as the id in the stream's name, is left out. */
export function Summary({ data, without }: { data: unknown; without: string | undefined }) {
  return (
    <span className="summary cut">
      {summaryOf(data)
        .filter(({ value }) => value !== without)
        .map(({ name, value }) => (
          <span key={name}>
            <span className="faint">{name}</span> {value}
          </span>
        ))}
    </span>
  )
}
