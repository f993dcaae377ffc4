import { literal } from '../component/shape.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import type { Session } from './session.ts';

/** An expression is not one, or does what an expression of a pipeline may not. */
export class ExpressionInvalidError extends TerminalError {
  override readonly name = 'ExpressionInvalidError';
  readonly code = 'EXPRESSION_INVALID';
}

/** What the compiler needs to know of an expression. */
export interface ParsedExpression {
  /** Columns that it names, each once, in order. */
  readonly columns: readonly string[];
  /** Pairs of columns that it equates, where it is nothing but equalities joined by AND. */
  readonly equalities?: readonly (readonly [string, string])[];
}

/** What of DuckDB's syntax tree is looked at. */
interface Tree {
  readonly class?: string;
  readonly type?: string;
  readonly function_name?: string;
  readonly column_names?: readonly string[];
  readonly [part: string]: unknown;
}

/** Kinds of node that reach beyond the row, or beyond what can be checked. */
const refused: Readonly<Record<string, string>> = {
  SUBQUERY: 'a subquery',
  WINDOW: 'a window function',
  STAR: '"*"',
  PARAMETER: 'a parameter',
  POSITIONAL_REFERENCE: 'a position',
  DEFAULT: 'DEFAULT',
};

/** A repeated chunk must give the same rows, so time and chance are refused, and with them what asks about the session. */
const inconstant =
  /^(now|today|random|setseed|uuid|uuidv\d|gen_random_uuid|nextval|currval|current_\w+|get_current_\w+|localtime|localtimestamp|transaction_timestamp|txid_current|getenv|getvariable|in_search_path|sleep_ms|write_log|error|stats|pg_\w+|version|user|session_user)$/i;

/** Parses an expression with DuckDB's own parser and refuses all but scalar and aggregate expressions. */
export async function parseExpression(session: Session, sql: string): Promise<ParsedExpression> {
  const [row] = await session.rows(`SELECT json_serialize_sql(${literal(`SELECT (${sql}\n)`)}) AS tree`);
  const answer = JSON.parse(row!.tree);
  if (answer.error) throw invalid(sql, `it cannot be parsed: ${answer.error_message}`, 'one DuckDB expression');
  const [statement, ...more] = answer.statements;
  const select = statement?.node;
  const plain =
    more.length === 0 &&
    select?.type === 'SELECT_NODE' &&
    select.select_list.length === 1 &&
    select.from_table?.type === 'EMPTY' &&
    select.modifiers.length === 0;
  if (!plain || select.where_clause || select.having || select.qualify)
    throw invalid(sql, 'it is a statement, not an expression', 'one DuckDB expression');
  const columns = new Set<string>();
  visit(select.select_list[0], (node) => {
    const what = refused[node.class ?? ''];
    if (what) throw invalid(sql, `it holds ${what}`, 'scalar and aggregate expressions over the columns of the step');
    const name =
      node.class === 'FUNCTION'
        ? node.function_name
        : node.class === 'COLUMN_REF' && node.column_names?.length === 1
          ? node.column_names[0]
          : undefined;
    if (name !== undefined && inconstant.test(name)) {
      throw invalid(
        sql,
        `it calls ${name}, whose value would differ when a chunk is repeated`,
        'functions whose result depends on their arguments alone',
      );
    }
    if (node.class === 'COLUMN_REF') columns.add(node.column_names!.at(-1)!);
  });
  return { columns: [...columns], equalities: equalities(select.select_list[0]) };
}

function visit(node: unknown, look: (node: Tree) => void, bound: readonly string[] = []): void {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, look, bound);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const tree = node as Tree;
  if (tree.class === 'LAMBDA') {
    // Parameters of a lambda look like columns and are none.
    const names: string[] = [];
    visit(tree.lhs, (one) => one.class === 'COLUMN_REF' && names.push(one.column_names!.at(-1)!));
    visit(tree.expr, look, [...bound, ...names]);
    return;
  }
  if (tree.class === 'COLUMN_REF' && bound.includes(tree.column_names!.at(0)!)) return;
  if (tree.class) look(tree);
  for (const part of Object.values(tree)) visit(part, look, bound);
}

function equalities(tree: Tree): [string, string][] | undefined {
  if (tree.class === 'CONJUNCTION' && tree.type === 'CONJUNCTION_AND') {
    const parts = (tree.children as Tree[]).map(equalities);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  const [left, right] = [tree.left as Tree | undefined, tree.right as Tree | undefined];
  const both = tree.type === 'COMPARE_EQUAL' && left?.class === 'COLUMN_REF' && right?.class === 'COLUMN_REF';
  return both ? [[left.column_names!.at(-1)!, right.column_names!.at(-1)!]] : undefined;
}

function invalid(received: string, why: string, allowed: string): ExpressionInvalidError {
  return new ExpressionInvalidError({
    problem: `"${received}" is not an expression for this step: ${why}`,
    received,
    allowed,
    change: 'rewrite the expression',
  });
}
