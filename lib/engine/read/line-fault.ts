/**
 * Clauses of a CASE that says why a line of NDJSON is no record: `text` (no JSON), `kind` (no object) or `twins` (names a
 * key twice); an empty text for a blank line, which is none.
 * @param line SQL of the line
 */
export function lineFaults(line: string): string[] {
  const names = `json_keys(${line})`;
  return [
    `WHEN trim(coalesce(${line}, ''), ' \t\r') = '' THEN ''`,
    `WHEN NOT json_valid(${line}) THEN 'text'`,
    `WHEN json_type(${line}) <> 'OBJECT' THEN 'kind'`,
    `WHEN len(${names}) <> len(list_distinct(${names})) THEN 'twins'`,
  ];
}
