import type { Session } from './database.ts'

/**
 * Functions that look at the clock, the time zone or a configuration of text search, or at chance, and at nothing else.
 */
const harmless = `
  age array_to_json array_to_string clock_timestamp concat concat_ws convert convert_from convert_to date date_part date_trunc
  enum_first enum_last enum_range extract format gen_random_uuid generate_series isfinite json_build_array json_build_object
  json_populate_record json_populate_recordset json_to_record json_to_recordset json_to_tsvector jsonb_build_array
  jsonb_build_object jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_array_tz jsonb_path_query_first_tz
  jsonb_path_query_tz jsonb_populate_record jsonb_populate_recordset jsonb_to_record jsonb_to_recordset jsonb_to_tsvector
  length make_timestamptz now numeric overlaps phraseto_tsquery plainto_tsquery quote_literal quote_nullable random
  random_normal row_to_json statement_timestamp time timeofday timestamp timestamptz timetz timezone to_char to_date to_json
  to_jsonb to_number to_timestamp to_tsquery to_tsvector transaction_timestamp ts_headline uuidv4 uuidv7
  websearch_to_tsquery`
  .trim()
  .split(/\s+/)

/**
 * The names of PostgreSQL's own functions that users' statements may call: those of which it says that they depend on
 * nothing but their arguments, aggregates, and a list. Others read files and tables, take locks, change settings, wait or
 * end sessions.
 */
export async function harmlessFunctions(session: Session): Promise<ReadonlySet<string>> {
  const { rows } = await session.run<[string]>({
    text: `SELECT proname FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
      GROUP BY proname HAVING bool_and(provolatile = 'i' OR prokind IN ('a', 'w'))`,
  })
  return new Set([...rows.map(([name]) => name), ...harmless])
}
