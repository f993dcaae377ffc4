import { literal } from '../component/shape.ts';
import type { Session } from './session.ts';

/** The oldest come first. DuckDB takes half a millisecond for each, and chunks and compilations ask for the same ones. */
const known = new Map<string, string>();
const mostCharacters = 4_000_000;
let characters = 0;

/**
 * The syntax tree of SQL, as DuckDB's own parser writes it down: JSON with `error` where it cannot be read. Depends on the
 * text alone, not on what is in the session.
 */
export async function serializedTree(session: Session, sql: string): Promise<string> {
  const text = await answer(session, `SELECT json_serialize_sql(${literal(sql)})`);
  return text.replaceAll(/"value":(-?)Infinity/g, `"value":$1${endless}`);
}

/** DuckDB writes a number of more than 308 digits as no JSON has it. It cannot be made SQL again, in either form. */
const endless = '1e999';
const endlessValue = new RegExp(`"value":-?${endless}`);

/** Whether a tree that was written down holds such a number. */
export function holdsEndless(text: string): boolean {
  return endlessValue.test(text);
}

/** SQL that such a tree stands for. */
export function deserializedTree(session: Session, tree: string): Promise<string> {
  return answer(session, `SELECT json_deserialize_sql(${literal(tree)})`);
}

async function answer(session: Session, question: string): Promise<string> {
  session.throwIfStopped();
  const found = known.get(question);
  if (found !== undefined) return found;
  const [row] = await session.rows(`${question} AS answer`);
  keep(question, row!.answer);
  return row!.answer;
}

function keep(question: string, text: string): void {
  if (!known.has(question)) characters += question.length + text.length;
  known.set(question, text);
  for (const [oldest, its] of known) {
    if (characters <= mostCharacters) return;
    known.delete(oldest);
    characters -= oldest.length + its.length;
  }
}
