import { keyedHashFunction } from '../component/keyed-hash.ts';
import { TerminalError } from '../core/errors/terminal-error.ts';
import { foreignSign } from './binding-fault.ts';
import { parameterFunction } from './parameters.ts';
import type { Session } from './session.ts';
import { holdsEndless, serializedTree } from './syntax-tree.ts';

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
  /** Name of the function, in lower case, where it is one call and nothing else. */
  readonly call?: string;
  /** Its root in DuckDB's syntax tree. */
  readonly tree: Tree;
  /** Names of the parameters of the run that it takes, each once. */
  readonly parameters: readonly string[];
}

/** What of DuckDB's syntax tree is looked at. */
export interface Tree {
  readonly class?: string;
  readonly type?: string;
  readonly function_name?: string;
  readonly is_operator?: boolean;
  readonly column_names?: readonly string[];
  readonly children?: readonly unknown[];
  readonly order_bys?: { readonly orders: readonly unknown[] };
  readonly [part: string]: unknown;
}

/** Kinds of node that an expression is made of. All others reach beyond the row, or beyond what can be checked. */
const known = new Set(
  'BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA LAMBDA_REF OPERATOR'.split(' '),
);

/** What a user calls the others. */
const titles: Readonly<Record<string, string>> = {
  SUBQUERY: 'a subquery',
  WINDOW: 'a window function',
  STAR: '"*"',
  PARAMETER: 'a parameter',
  POSITIONAL_REFERENCE: 'a position',
};

/** A repeated chunk must give the same rows, so time and chance are refused, and with them what asks about the session. */
const inconstant =
  /^(now|today|ago|random|setseed|uuid|uuidv\d|gen_random_uuid|nextval|currval|current_\w+|get_current_\w+|localtime|localtimestamp|transaction_timestamp|txid_current|getenv|getvariable|in_search_path|sleep_ms|write_log|error|stats|pg_\w+|version|user|session_user|get_block_size|format_type|inet_\w+)$/i;

/** Those of them that are called without brackets. Any other name, such as `user` or `today`, is that of a column. */
const keyword = /^(current_(date|time|timestamp|user|schema|catalog|role)|localtime|localtimestamp)$/i;

/** Their value depends on the order in which rows come, which is another one whenever a chunk is repeated. */
const ordered =
  /^(first|last|any_value|arbitrary|list|array_agg|string_agg|group_concat|listagg|mode|json_group_\w+)$/i;
/** What DuckDB's own parser makes of `list(x ORDER BY x)`: the list that is sorted may come in any order. */
const sorting = /^(list|array)_(reverse_)?sort$/i;
const sampled = /^(reservoir_quantile|approx_quantile|approx_top_k)$/i;
const multiplying = /^(unnest|generate_subscripts|regexp_split_to_table)$/i;

/** What serves in place of a function that cannot stand in a pipeline, by its name. */
const instead: readonly (readonly [name: RegExp, change: string])[] = [
  [
    /^(now|today|ago|age|(get_)?current_(date|time|timestamp)|localtime|localtimestamp|transaction_timestamp)$/i,
    `take the time from a column, or from a parameter of the run: ${parameterFunction}('<name>')`,
  ],
  [/^(random|setseed)$/i, 'draw rows with the step sample, or take a number from what they hold, e.g. hash(id)'],
  [/uuid/i, 'make it of what the row holds, e.g. md5(id::VARCHAR)::UUID'],
  [multiplying, 'make rows of lists with the step explode'],
  [ordered, 'say the order, e.g. list(name ORDER BY id)'],
];

/** Why a function cannot stand in a pipeline, if so. */
function objection(node: Tree, secret: boolean): string | undefined {
  const name = node.function_name ?? '';
  if (name.startsWith('__') && !(secret && name === keyedHashFunction)) return `it calls ${name}, which there is not`;
  const repeated = 'whose value would differ when a chunk is repeated';
  if (inconstant.test(name) || sampled.test(name)) return `it calls ${name}, ${repeated}`;
  // With one argument it counts from today.
  if (/^age$/i.test(name) && node.children?.length === 1) return `it calls age with one time, ${repeated}`;
  if (multiplying.test(name)) return `it calls ${name}, which makes several rows of one`;
  if (ordered.test(name) && !node.order_bys?.orders.length)
    return `it calls ${name} without ORDER BY, so that its value depends on the order in which rows happen to come`;
  return undefined;
}

/**
 * Parses an expression with DuckDB's own parser and refuses all but scalar and aggregate expressions.
 * @param secret true where it may hash with a secret
 */
export async function parseExpression(session: Session, sql: string, secret = false): Promise<ParsedExpression> {
  const text = await serializedTree(session, `SELECT (${sql}\n)`);
  if (holdsEndless(text))
    throw invalid(sql, 'it holds a number that is too large', "numbers of up to 308 digits, and 'inf'::DOUBLE");
  const answer = JSON.parse(text);
  if (answer.error) throw unparsable(sql, answer, await wordOfSql(session, sql));
  const [statement, ...more] = answer.statements;
  const select = statement?.node;
  const empty = (...parts: unknown[][]) => parts.every((part) => part.length === 0);
  const plain =
    more.length === 0 &&
    select?.type === 'SELECT_NODE' &&
    select.select_list.length === 1 &&
    select.select_list[0].alias === '' &&
    select.from_table?.type === 'EMPTY' &&
    empty(select.modifiers, select.group_expressions, select.group_sets, select.cte_map.map);
  if (!plain || select.where_clause || select.having || select.qualify || select.sample)
    throw invalid(sql, 'it is a statement, not an expression', 'one DuckDB expression');
  const columns = new Set<string>();
  const parameters = new Set<string>();
  const sorted = new Set<unknown>();
  visit(select.select_list[0], (node) => {
    if (!known.has(node.class!))
      throw invalid(
        sql,
        `it holds ${titles[node.class!] ?? node.class}`,
        'scalar and aggregate expressions over the columns of the step',
        node.class === 'PARAMETER' ? `write ${parameterFunction}('<name>') for a parameter of the run` : undefined,
      );
    const [root] = node.class === 'COLUMN_REF' ? node.column_names! : [];
    const called = node.class === 'FUNCTION' ? node : keyword.test(root ?? '') ? { function_name: root } : undefined;
    if (sorting.test(node.function_name ?? '')) sorted.add(node.children?.[0]);
    const why = called && !sorted.has(node) && objection(called, secret);
    if (why) {
      const change = instead.find(([name]) => name.test(called.function_name ?? ''))?.[1];
      throw invalid(sql, why, 'functions whose result depends on their arguments alone', change);
    }
    if (comparing.test(node.type ?? '') && [node.left, node.right].some(isNull))
      throw invalid(
        sql,
        'it compares with NULL, which is neither true nor false, whatever stands beside it',
        'IS NULL, IS NOT NULL and IS NOT DISTINCT FROM',
        'write IS NULL in place of = NULL, and IS NOT NULL in place of <> NULL',
      );
    if (isParameter(node)) parameters.add(parameterOf(node, sql));
    // Of a path into a structure the first name is the column.
    if (root !== undefined) columns.add(root);
  });
  const root = select.select_list[0] as Tree;
  const call = root.class === 'FUNCTION' && !root.is_operator ? root.function_name?.toLowerCase() : undefined;
  return {
    columns: [...columns],
    equalities: equalities(root),
    ...(call !== undefined && { call }),
    tree: root,
    parameters: [...parameters],
  };
}

const comparing = /^COMPARE_(EQUAL|NOTEQUAL|(LESS|GREATER)THAN(OREQUALTO)?)$/;

function isNull(part: unknown): boolean {
  const { class: kind, value } = (part ?? {}) as { readonly class?: string; readonly value?: { is_null?: boolean } };
  return kind === 'CONSTANT' && value?.is_null === true;
}

function isParameter({ class: kind, function_name: name }: Tree): boolean {
  return kind === 'FUNCTION' && name?.toLowerCase() === parameterFunction;
}

/** The name has to stand there as it is: what is taken must be known before there are rows. */
function parameterOf({ children = [] }: Tree, sql: string): string {
  const { value } = ((children as Tree[])[0]?.value ?? {}) as { readonly value?: unknown };
  if (children.length === 1 && typeof value === 'string') return value;
  const why = `${parameterFunction} takes the name of a parameter alone`;
  throw invalid(sql, why, `${parameterFunction}('<name>')`, 'write the name in single quotes');
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
  if (tree.type !== 'COMPARE_EQUAL') return undefined;
  // A path into a structure is no column, though its last name may be that of one.
  const [[own, ...inside], [other, ...within]] = [namesOf(left), namesOf(right)];
  return own === undefined || other === undefined || inside.length + within.length > 0 ? undefined : [[own, other]];
}

function namesOf(tree: Tree | undefined): readonly string[] {
  return tree?.class === 'COLUMN_REF' ? tree.column_names! : [];
}

/** How DuckDB answers for what it cannot parse. */
interface ParserAnswer {
  readonly error_message: string;
  /** In what was made of the expression, where it is known. */
  readonly position?: string;
}

/** Texts and names in quotes, and words without. */
const words = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_]*/gu;

/** A word that SQL keeps for itself, where the expression could be read if it were in quotes: columns are called so. */
async function wordOfSql(session: Session, sql: string): Promise<string | undefined> {
  const bare = [...new Set(sql.match(words)?.filter((word) => !/^['"]/.test(word)))];
  // Each is a question to the parser.
  for (const word of bare.slice(0, 20)) {
    const quoted = sql.replace(words, (one) => (one === word ? `"${one}"` : one));
    if (!JSON.parse(await serializedTree(session, `SELECT (${quoted}\n)`)).error) return word;
  }
  return undefined;
}

function unparsable(
  sql: string,
  { error_message: said, position }: ParserAnswer,
  word: string | undefined,
): ExpressionInvalidError {
  const at = position === undefined ? undefined : Number(position) - 'SELECT ('.length;
  const ended = at !== undefined && at >= sql.trimEnd().length;
  const why =
    sql.trim() === ''
      ? 'it is empty'
      : ended
        ? 'it ends too early'
        : `it cannot be parsed: ${said.replace(/\n\)/, '')}${at === undefined ? '' : `, character ${at + 1}`}`;
  const asName =
    word && `write "${word}" in double quotes where it is the name of a column: SQL has a meaning of its own for it`;
  return invalid(sql, why, 'one DuckDB expression', foreignSign(sql) ?? asName);
}

function invalid(
  received: string,
  why: string,
  allowed: string,
  change = 'rewrite the expression',
): ExpressionInvalidError {
  return new ExpressionInvalidError({
    problem: `"${received}" is not an expression for this step: ${why}`,
    received,
    allowed,
    change,
  });
}
