import { basename } from 'node:path';
import { literal, quoted } from '../component/shape.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { startsFormula } from './formulas.ts';
import type { Session } from './session.ts';

/** A file of corrected rejects does not belong to the rejects that it corrects. */
export class CorrectionInvalidError extends TerminalError {
  override readonly name = 'CorrectionInvalidError';
  readonly code = 'CORRECTION_INVALID';
}

const needed = ['file', 'version', 'row', 'node', 'raw'];

/** DuckDB would take a text for a time or a UUID, and write it otherwise, where it looks like one. */
function asTexts(names: readonly string[]): string {
  return `{${names.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ')}}`;
}

const readers: readonly (readonly [ending: RegExp, read: (path: string, present?: readonly string[]) => string])[] = [
  [/\.csv$/i, (path) => `read_csv(${path}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`],
  [/\.(ndjson|jsonl)$/i, (path, present) => `read_ndjson(${path}${present ? `, columns = ${asTexts(present)}` : ''})`],
  [/\.parquet$/i, (path) => `read_parquet(${path})`],
];

/**
 * Makes the table `corrections` of an export whose raw records somebody has corrected, each of which belongs to one row
 * of the table `open`. Adds `version_text` to both, because CSV knows no difference between no version and an empty one.
 */
export async function createCorrections(session: Session, path: string): Promise<void> {
  const read = readers.find(([ending]) => ending.test(path))?.[1];
  if (!read)
    throw new CorrectionInvalidError({
      problem: 'the kind of a file of corrected rejects is told by its ending',
      received: basename(path),
      allowed: '.csv, .ndjson, .jsonl or .parquet, as `penstock rejects export` writes them',
      change: 'rename the file',
    });
  const from = read(literal(path));
  const present = await columnsOf(session, from, path);
  const missing = needed.filter((name) => !present.includes(name));
  if (missing.length > 0)
    throw new CorrectionInvalidError({
      problem: `a file of corrected rejects lacks the ${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}`,
      received: present,
      allowed: needed,
      change: 'keep the columns of the export, and change `raw` alone',
    });
  await session.run('ALTER TABLE open ADD COLUMN version_text VARCHAR');
  await session.run("UPDATE open SET version_text = coalesce(version, '')");
  await session.run(
    `CREATE TABLE corrections AS SELECT file::VARCHAR AS file, coalesce(version::VARCHAR, '') AS version_text, TRY_CAST("row" AS BIGINT) AS "row", node::VARCHAR AS node, ` +
      `raw::VARCHAR AS raw FROM ${read(literal(path), present)}`,
  );
  if (/\.csv$/i.test(path)) await session.run(asBefore);
  await refuseStrangers(session, path);
}

/**
 * A formula that an export has neutralised is itself again. Not every export does, and a record may begin with apostrophes
 * of its own: one more than it had is that of the export.
 */
const asBefore = (() => {
  const apostrophes = (text: string) => `length(regexp_extract(${text}, '^''*'))`;
  const formula = (text: string) => `regexp_matches(${text}, ${literal(startsFormula.source)})`;
  return (
    'UPDATE corrections SET raw = substr(corrections.raw, 2) FROM open WHERE open.file = corrections.file AND open.version_text = corrections.version_text AND open."row" = corrections."row" AND open.node = corrections.node ' +
    `AND ${formula('open.raw')} AND ${formula('corrections.raw')} AND ${apostrophes('corrections.raw')} = ${apostrophes('open.raw')} + 1`
  );
})();

async function columnsOf(session: Session, from: string, path: string): Promise<string[]> {
  try {
    return (await session.columns(`SELECT * FROM ${from}`)).map(({ name }) => name);
  } catch (cause) {
    throw new CorrectionInvalidError({
      problem: `a file of corrected rejects cannot be read: ${String((cause as Error).message).split('\n')[0]}`,
      received: basename(path),
      allowed: 'a file as `penstock rejects export` writes it',
      change: 'correct the file, or export the rejects again',
      cause,
    });
  }
}

async function refuseStrangers(session: Session, path: string): Promise<void> {
  const faults = await session.rows(
    'SELECT file, "row"::VARCHAR AS place, node, count(*) > 1 AS twice, bool_or(raw IS NULL) AS empty, bool_and(known) AS known FROM ' +
      '(SELECT *, EXISTS (SELECT 1 FROM open WHERE open.file = corrections.file AND open.version_text = corrections.version_text AND open."row" = corrections."row" AND open.node = corrections.node) AS known FROM corrections) ' +
      'GROUP BY file, version_text, "row", node HAVING twice OR empty OR NOT known ORDER BY ALL LIMIT 1',
  );
  const [fault] = faults;
  if (!fault) return;
  const why = fault.twice
    ? 'is corrected twice'
    : fault.empty
      ? 'has no raw record'
      : 'is no reject that is still open';
  throw new CorrectionInvalidError({
    problem: `a corrected reject ${why}`,
    received: `record ${fault.place ?? '(no number)'} of ${fault.file}, rejected by ${fault.node}, in ${basename(path)}`,
    allowed: 'each reject once that is not replayed yet and that the filters leave',
    change: 'leave the row out, or correct file, version, row and node',
  });
}
