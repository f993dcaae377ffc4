import type { Column, ContractField } from './plan.ts';

/**
 * What an operator does to rows, as data. The compiler checks a shape, the engine runs it, and the form alone says how
 * its rows are accounted for, so an operator never touches the ledger, a file or a session.
 */
export type Shape =
  | ProjectShape
  | KeepShape
  | FirstShape
  | GroupShape
  | WindowShape
  | LookupShape
  | JoinShape
  | UnionShape
  | CallShape
  | ExplodeShape
  | DrawShape
  | RouteShape
  | SortShape;

/** A DuckDB scalar or aggregate expression. */
export interface Expression {
  readonly sql: string;
  /** Where the user wrote it, inside the options. Absent: made by the operator, and trusted. */
  readonly path?: Path;
  /** Name of the secret that it hashes with; other expressions may not hash with any. */
  readonly secret?: string;
  /** What errors show in its place, where the operator made it of something shorter. */
  readonly shown?: string;
}

/** Keys and indexes from the options down to a value, e.g. `['measures', 'flights']`. */
export type Path = readonly (string | number)[];

/** One output column. */
export interface Projection {
  readonly name: string;
  readonly expression: Expression;
  /**
   * Column of the input in whose place it stands: it is NULL where that is, and nowhere else among the rows that are not
   * rejected. Absent: as far as the expression itself tells.
   */
  readonly nullWith?: string;
}

/** One row out for each row in; rows that a rejection calls bad are set aside with its reason. */
export interface ProjectShape {
  readonly form: 'project';
  /** Values that columns and rejections may name, worked out once for each row; their names begin with `__`. */
  readonly lets?: readonly Projection[];
  readonly columns: readonly Projection[];
  readonly rejections?: readonly Rejection[];
  /** Columns whose new values do not tell those that they are made of (`mask`). */
  readonly masks?: readonly string[];
}

export interface Rejection {
  readonly rule: string;
  /** Column whose value is shown in the reject. */
  readonly column: string;
  /** False for a bad row; NULL counts as good. */
  readonly holds: Expression;
  /** Follows the value in the reason, e.g. `is not a DATE`. */
  readonly message: string;
  /** Default: major. */
  readonly severity?: Severity;
}

/** How bad a bad row is. A single critical one stops its run. */
export const severities = ['minor', 'major', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Rows for which the condition is true go on; the others are filtered under the rule's name. */
export interface KeepShape {
  readonly form: 'keep';
  readonly rule: string;
  readonly condition: Expression;
}

/** Of all rows with the same key the first by the order goes on; the others are merged into it. */
export interface FirstShape {
  readonly form: 'first';
  readonly key: readonly string[];
  readonly order: readonly Order[];
}

/** One row out for each group; the rows of a group are merged into it. */
export interface GroupShape {
  readonly form: 'group';
  readonly keys: readonly Projection[];
  readonly measures: readonly MeasureProjection[];
}

/** A column that is an aggregate. */
export interface MeasureProjection extends Projection {
  /** Condition on the rows that it takes in. Absent: all of a group. */
  readonly where?: Expression;
}

/** Each row gets values that depend on the other rows of its key. */
export interface WindowShape {
  readonly form: 'window';
  readonly keys: readonly string[];
  readonly order: readonly Order[];
  /** Window expressions with `OVER rows` or `OVER peers`: see `window.ts` of the engine. */
  readonly columns: readonly WindowColumn[];
  /** Only rows whose column is at most this go on; the others are filtered under the rule's name. */
  readonly keep?: { readonly column: string; readonly atMost: number; readonly rule: string };
}

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

/** The rows as they are; what is written of them is in this order. */
export interface SortShape {
  readonly form: 'sort';
  readonly order: readonly Order[];
}

/** A column that a window function computes. */
export interface WindowColumn {
  readonly name: string;
  /** Call of an aggregate or window function, e.g. `lag("n", 1)`. */
  readonly call: Expression;
  /** Rows around the current one that it looks at, e.g. `ROWS BETWEEN 2 PRECEDING AND CURRENT ROW`. */
  readonly frame?: string;
  /** True where rows of the same place in the order count as one (rank), so that nothing decides between them. */
  readonly peers?: boolean;
}

/** Each row of either input meets the rows of the other one with the same key; a NULL meets nothing. */
export interface JoinShape {
  readonly form: 'join';
  readonly how: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  /** Equality of columns of both inputs. */
  readonly on: Expression;
  /** Columns of the second input under their new names, or all but those of `on` under a prefix. */
  readonly take: readonly TakenColumn[] | { readonly but: 'keys'; readonly prefix: string };
}

export interface TakenColumn {
  readonly name: string;
  /** Its name where it is taken. */
  readonly column: string;
}

/** The rows of all inputs, one after the other; columns go together by name. */
export interface UnionShape {
  readonly form: 'union';
  readonly missing: 'null' | 'error';
  /** Column that tells where a row comes from, and its value for each input. */
  readonly origin?: { readonly column: string; readonly names: readonly string[] };
}

/** Each row gets columns of at most one row of the side input. */
export interface LookupShape {
  readonly form: 'lookup';
  /** Equality of columns of both inputs, e.g. `origin = iata`. */
  readonly on: Expression;
  /** Columns of the side, under their new names. */
  readonly take: readonly Projection[];
  readonly unmatched: 'null' | 'reject' | 'drop';
}

/** The user's own function, called for each row; a throw rejects the row. */
export interface CallShape {
  readonly form: 'call';
  readonly columns: readonly ContractField[];
  /** What one call may take. Default 10. */
  readonly deadlineSeconds?: number;
  /** What one call gets: a row, or some thousand of them as columns. Default: row. */
  readonly per?: 'row' | 'batch';
}

/** One row out for each element of a list; all but the first of a row are counted as multiplied. */
export interface ExplodeShape {
  readonly form: 'explode';
  /** Column with the lists. */
  readonly column: string;
  /** Column with the elements; it stands where the lists stood. */
  readonly as: string;
  /** Column with the element's place in its list, from 1; behind all others. */
  readonly position?: string;
  /** What becomes of a row whose list is empty or NULL: one row with a NULL element, or none. */
  readonly empty: 'keep' | 'drop';
  /** Under this name it is filtered. */
  readonly rule: string;
}

/** Of all rows with the same key the first few in an order by values go on; the others are filtered. */
export interface DrawShape {
  readonly form: 'draw';
  /** None: all rows together. */
  readonly key: readonly string[];
  readonly order: Expression;
  readonly count: number;
  /** Under this name the others are filtered. */
  readonly rule: string;
}

/** Each row takes the first route whose condition is true, or the last one; those of one route go on. */
export interface RouteShape {
  readonly form: 'route';
  readonly routes: readonly { readonly name: string; readonly condition: Expression }[];
  /** The route of rows that no condition takes. */
  readonly otherwise: string;
  /** The route whose rows go on; the others are counted as routed. */
  readonly to: string;
}

/** Quotes a name for SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text for SQL. DuckDB's parser ends at a NUL, so that one is put in behind it. */
export function literal(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`;
}

/** A column as it is. */
export function asItIs(column: Pick<Column, 'name'>): Projection {
  return { name: column.name, expression: { sql: quoted(column.name) } };
}
