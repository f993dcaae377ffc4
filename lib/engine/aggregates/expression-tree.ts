import type { Session } from '../session.ts';
import { deserializedTree, serializedTree } from '../syntax-tree.ts';

/** What of DuckDB's syntax tree is looked at; the rest is carried along as it is. */
export interface Tree {
  class?: string;
  function_name?: string;
  is_operator?: boolean;
  distinct?: boolean;
  children?: Tree[];
  filter?: Tree | null;
  order_bys?: { orders: { type: string; null_order: string; expression: Tree }[] };
  column_names?: string[];
  [part: string]: unknown;
}

/** Reads an expression with DuckDB's own parser. */
export async function readTree(session: Session, sql: string): Promise<Tree> {
  return parsed(await serializedTree(session, `SELECT (${sql}\n)`)).statements[0].node.select_list[0];
}

/** Writes a tree as SQL again, in a statement that it can be put into. */
export async function writeTree(session: Session, tree: Tree): Promise<string> {
  const whole = parsed(await serializedTree(session, 'SELECT 1'));
  whole.statements[0].node.select_list = [tree];
  return (await deserializedTree(session, JSON.stringify(whole))).replace(/^SELECT /, '');
}

export function columnTree(name: string): Tree {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', query_location: 0, column_names: [name] };
}

/** Numbers that JavaScript would round stay as they are written. */
function parsed(text: string): any {
  return JSON.parse(text, (key, value, { source }: { source?: string } = {}) => {
    if (key === 'query_location') return 0;
    return typeof value === 'number' && String(value) !== source ? rawJson(source!) : value;
  });
}

const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
