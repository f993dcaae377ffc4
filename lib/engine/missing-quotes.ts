import { quoted } from '../component/shape.ts';
import { ExpressionInvalidError, parseExpression } from './expression.ts';
import type { Session } from './session.ts';

/** Texts and names in quotes, which are left as they are. */
const inQuotes = /'(?:[^']|'')*'|"(?:[^"]|"")*"/;

/**
 * What is wrong with an expression that cannot be parsed, where it is only that columns are named like words of SQL
 * (`order`, `group`) or hold other signs than letters, digits and `_`, and stand without quotes. Undefined where it is
 * not that.
 */
export async function missingQuotes(
  session: Session,
  sql: string,
  columns: readonly { readonly name: string }[],
): Promise<ExpressionInvalidError | undefined> {
  const odd = await needQuotes(session, columns);
  if (odd.length === 0) return undefined;
  const found = new Set<string>();
  // Of two names that begin alike the longer one is meant.
  const names = odd.toSorted((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(`${inQuotes.source}|(?<![\\p{L}\\p{N}_])(?:${names.join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  const corrected = sql.replace(pattern, (text) => {
    if (/^['"]/.test(text)) return text;
    const name = odd.find((one) => one.toLowerCase() === text.toLowerCase())!;
    found.add(name);
    return quoted(name);
  });
  if (found.size === 0 || !(await parses(session, corrected))) return undefined;
  const all = [...found].map(quoted).join(' and ');
  return new ExpressionInvalidError({
    problem: `"${sql}" is not an expression: ${all} must stand in double quotes, as ${found.size > 1 ? 'they are words' : 'it is a word'} of SQL or no plain ${found.size > 1 ? 'names' : 'name'}`,
    received: sql,
    allowed: 'one DuckDB expression, with such columns in double quotes',
    change: `write ${corrected}`,
  });
}

async function needQuotes(session: Session, columns: readonly { readonly name: string }[]): Promise<string[]> {
  const rows = await session.rows(
    "SELECT keyword_name AS word FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'",
  );
  const words = new Set(rows.map(({ word }) => word));
  return columns
    .map(({ name }) => name)
    .filter((name) => words.has(name.toLowerCase()) || !/^[a-z_][a-z0-9_]*$/i.test(name));
}

async function parses(session: Session, sql: string): Promise<boolean> {
  try {
    await parseExpression(session, sql);
    return true;
  } catch {
    return false;
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
