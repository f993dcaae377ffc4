import { readTree, type Tree, writeTree } from '../aggregates/expression-tree.ts';
import type { Session } from '../session.ts';

/**
 * SQL of an expression that fails on the same rows, each time so that TRY notices. It does not where a list is reduced that
 * is empty, and no first value is given: that would end the run.
 */
export async function noticedFailures(session: Session, tree: Tree, sql: string): Promise<string> {
  const changed = (await guarded(session, tree)) as Tree;
  return changed === tree ? sql : writeTree(session, changed);
}

const reducing = /^(list_|array_)?reduce$/i;

/** The same tree where nothing in it has to change. */
async function guarded(session: Session, part: unknown): Promise<unknown> {
  if (typeof part !== 'object' || part === null) return part;
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(part)) entries.push([key, await guarded(session, value)]);
  const same = entries.every(([key, value]) => value === (part as Tree)[key]);
  const made = same ? part : Array.isArray(part) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
  const { class: kind, function_name: name, children = [] } = made as Tree;
  const [list, ...more] = children;
  if (kind !== 'FUNCTION' || !reducing.test(name!) || list === undefined || more.length !== 1) return made;
  const call = await writeTree(session, { ...(made as Tree), alias: '' });
  const length = `len(${await writeTree(session, list)})`;
  // No such text is a BOOLEAN. DuckDB's own error() cannot stand within TRY.
  const fails = `CASE WHEN ${length} = 0 THEN ('of ' || ${length})::BOOLEAN ELSE false END`;
  const whole = await readTree(session, `CASE WHEN ${fails} THEN NULL ELSE ${call} END`);
  return { ...whole, alias: (made as Tree).alias };
}
