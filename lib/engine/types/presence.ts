import type { Column } from '../../component/plan.ts';
import { sameName } from '../column-names.ts';
import type { Tree } from '../expression.ts';

/** Functions that give NULL for NULL alone. Division is none of them: by zero it gives NULL. */
const strict = /^(\+|-|\*|\|\||~~|!~~|lower|upper|trim|ltrim|rtrim|length|strlen|abs|floor|ceil|ceiling|round)$/i;

/** Types that a cast gives a value of, or fails: the time of day of an infinite moment is NULL. */
const total = /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL|VARCHAR|DATE|TIMESTAMP)$/;

/** Values of these may say "nothing" without being NULL, and become NULL by a cast, which a comparison makes unasked. */
const mayHoldNothing = /JSON|UNION|VARIANT/i;

const comparison = /^COMPARE_(EQUAL|NOTEQUAL|LESSTHAN|GREATERTHAN|LESSTHANOREQUALTO|GREATERTHANOREQUALTO)$/;

/** False where an expression surely has a value for every row of these columns. */
export function mayBeNull(tree: Tree, columns: readonly Column[]): boolean {
  if (tree.class === 'COLUMN_REF') return columnOf(tree, columns)?.nullable ?? true;
  if (/^OPERATOR_IS_(NOT_)?NULL$/.test(tree.type ?? '')) return false;
  if (holdsNothing(tree, columns)) return true;
  const some = (...parts: readonly unknown[]) => parts.some((part) => mayBeNull(part as Tree, columns));
  const children = tree.children ?? [];
  switch (tree.class) {
    case 'CONSTANT':
      return (tree.value as { readonly is_null: boolean }).is_null;
    case 'CAST':
      return tree.try_cast === true || !total.test((tree.cast_type as { readonly id: string }).id) || some(tree.child);
    case 'COMPARISON':
      return comparison.test(tree.type!) && some(tree.left, tree.right);
    case 'BETWEEN':
      return some(tree.input, tree.lower, tree.upper);
    case 'CONJUNCTION':
      return some(...children);
    case 'CASE': {
      const checks = tree.case_checks as readonly { readonly then_expr: unknown }[];
      return some(...checks.map((check) => check.then_expr), tree.else_expr);
    }
    case 'FUNCTION':
      return !isPlainCall(tree) || !strict.test(tree.function_name!) || some(...children);
    case 'OPERATOR':
      if (tree.type === 'OPERATOR_COALESCE') return children.every((child) => some(child));
      return !/^(OPERATOR_NOT|COMPARE_(NOT_)?IN)$/.test(tree.type!) || some(...children);
    default:
      return true;
  }
}

/** False where an aggregate surely has a value for a group, or a frame, of at least one row of these columns. */
export function aggregateMayBeNull(tree: Tree, columns: readonly Column[]): boolean {
  const [value, ...more] = tree.children ?? [];
  const valued = /^(sum|avg|mean|min|max|bool_and|bool_or|first_value|last_value)$/i.test(tree.function_name ?? '');
  return !isPlainCall(tree) || !valued || more.length > 0 || mayBeNull(value as Tree, columns);
}

/** Names of columns that have a value wherever a condition is true. */
export function presentWhere(tree: Tree): string[] {
  const children = (tree.children ?? []) as readonly Tree[];
  if (tree.type === 'CONJUNCTION_AND') return children.flatMap(presentWhere);
  if (comparison.test(tree.type ?? '')) return [tree.left, tree.right].flatMap(named);
  if (tree.class === 'BETWEEN') return [tree.input, tree.lower, tree.upper].flatMap(named);
  // What is looked for must be there; that the list has no NULL in it is needed only where nothing is found.
  if (tree.type === 'COMPARE_IN') return named(children[0]);
  return presentUnlessFalse(tree);
}

/** Names of columns that have a value unless a condition is false: where it is NULL, a comparison says nothing. */
export function presentUnlessFalse(tree: Tree): string[] {
  const children = (tree.children ?? []) as readonly Tree[];
  if (tree.type === 'CONJUNCTION_AND') return children.flatMap(presentUnlessFalse);
  if (tree.type === 'OPERATOR_IS_NOT_NULL') return named(children[0]);
  const [inner] = children;
  const denied = tree.type === 'OPERATOR_NOT' && inner?.type === 'OPERATOR_IS_NULL';
  return denied ? named((inner.children as readonly Tree[])[0]) : [];
}

/** The same columns, of which those that are named have a value. */
export function withPresent(columns: readonly Column[], names: readonly string[]): readonly Column[] {
  const isPresent = ({ name }: Column) => names.some((one) => sameName(one, name));
  return names.length === 0
    ? columns
    : columns.map((column) => (column.nullable && isPresent(column) ? { ...column, nullable: false } : column));
}

function columnOf({ column_names: [name, ...more] = [] }: Tree, columns: readonly Column[]): Column | undefined {
  // A member of a structure may be missing where the structure is not.
  return name === undefined || more.length > 0 ? undefined : columns.find((one) => sameName(one.name, name));
}

/** The column that a tree is, if it is one and nothing else. */
function named(tree: unknown): string[] {
  const { class: kind, column_names: names = [] } = tree as Tree;
  return kind === 'COLUMN_REF' && names.length === 1 ? [...names] : [];
}

function holdsNothing(part: unknown, columns: readonly Column[]): boolean {
  if (typeof part !== 'object' || part === null) return false;
  const tree = part as Tree;
  if (tree.class === 'COLUMN_REF') return mayHoldNothing.test(columnOf(tree, columns)?.type ?? '');
  if (tree.class === 'CAST' && mayHoldNothing.test(JSON.stringify(tree.cast_type))) return true;
  return Object.values(tree).some((inner) => holdsNothing(inner, columns));
}

/** A call of a function with its arguments alone. */
function isPlainCall({ class: kind, filter }: Tree): boolean {
  return kind === 'FUNCTION' && (filter === undefined || filter === null);
}
