import type { Column } from '../../component/plan.ts';
import type { Tree } from '../aggregates/expression-tree.ts';
import { sameName } from '../column-names.ts';

/** Functions that have a value, or NULL, for all values of the types that they take. */
const harmless = new Set(
  (
    'lower upper ucase lcase trim ltrim rtrim length len strlen char_length character_length contains starts_with ends_with ' +
    'prefix suffix replace reverse concat concat_ws left right substr substring coalesce ifnull nullif greatest least round ' +
    'floor ceil ceiling year month day hour minute second quarter week weekday dayofweek dayofyear md5 sha256 hash isfinite ' +
    'isnan isinf list_contains list_value row struct_pack param || / ~~ !~~ ~~* !~~*'
  ).split(' '),
);

/** Have a value of every DOUBLE. */
const arithmetic = new Set(['+', '-', '*']);

/** DuckDB's widest number of a fixed point. */
const mostDigits = 38;
/** Those of 64 bits have no more. */
const integerDigits = 20;

/**
 * True where all numbers of an expression fit into one type beside each other, whichever of them are compared or chosen
 * between: DuckDB makes DECIMAL(38,1) of an integer that stands beside 0.5, and fails where it has 38 digits.
 */
function fitTogether(tree: Tree, columns: readonly Column[]): boolean {
  const numbers = numbersIn(tree, columns);
  const fraction = Math.max(0, ...numbers.map(({ scale }) => scale));
  return fraction === 0 || numbers.every(({ whole }) => whole + fraction <= mostDigits);
}

interface Digits {
  /** Before the point. */
  readonly whole: number;
  /** Behind it. */
  readonly scale: number;
}

/** Of the columns, constants and casts of an expression; binary fractions have room for all. */
function numbersIn(part: unknown, columns: readonly Column[]): Digits[] {
  if (typeof part !== 'object' || part === null) return [];
  const tree = part as Tree;
  const inside = Object.values(tree).flatMap((one) => numbersIn(one, columns));
  if (tree.class === 'COLUMN_REF') {
    const [name] = tree.column_names!;
    return digitsIn(columns.find((column) => sameName(column.name, name!))?.type ?? '');
  }
  if (tree.class === 'CONSTANT') return [...inside, ...digitsOf((tree.value as { readonly type: TypeTree }).type)];
  return tree.class === 'CAST' ? [...inside, ...digitsOf(tree.cast_type as TypeTree)] : inside;
}

interface TypeTree {
  readonly id: string;
  readonly type_info?: { readonly width?: number; readonly scale?: number } | null;
}

function digitsOf({ id, type_info: info }: TypeTree): Digits[] {
  return digitsIn(id === 'DECIMAL' ? `DECIMAL(${info?.width},${info?.scale})` : id);
}

/** Also of those within lists and structures. */
function digitsIn(type: string): Digits[] {
  return [...type.matchAll(/DECIMAL\((\d+),(\d+)\)|(U?HUGEINT)|INT/g)].map(([, width, scale, huge]) =>
    width === undefined
      ? { whole: huge ? mostDigits + 1 : integerDigits, scale: 0 }
      : { whole: Number(width) - Number(scale), scale: Number(scale) },
  );
}

const integers = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT'];

/**
 * True for an expression that has a value, or NULL, for every row, whatever it holds. False says nothing: such an
 * expression may fail on a row, as a cast of text does and a sum that has no room.
 */
export function neverFails(tree: Tree, columns: readonly Column[]): boolean {
  return fitTogether(tree, columns) && partsNeverFail(tree, columns);
}

function partsNeverFail(tree: Tree, columns: readonly Column[]): boolean {
  const parts = partsOf(tree);
  if (!parts?.every((part) => partsNeverFail(part, columns))) return false;
  if (tree.class === 'CAST') return tree.try_cast === true || everyValueCasts(tree, columns);
  if (tree.class !== 'FUNCTION') return true;
  const name = String(tree.function_name).toLowerCase();
  if (arithmetic.has(name)) return parts.length === 2 && parts.some((part) => isDouble(part, columns));
  return harmless.has(name);
}

/** The expressions that one is made of. Undefined for a kind that is not known. */
function partsOf(tree: Tree): Tree[] | undefined {
  const one = (name: string) => tree[name] as Tree;
  switch (tree.class) {
    case 'CONSTANT':
    case 'COLUMN_REF':
      return [];
    case 'CAST':
      return [one('child')];
    case 'COMPARISON':
      return [one('left'), one('right')];
    case 'BETWEEN':
      return [one('input'), one('lower'), one('upper')];
    case 'CONJUNCTION':
    case 'FUNCTION':
      return tree.children;
    case 'OPERATOR':
      // What is behind TRY may fail. Members and slices of lists and structures are left to the test.
      if (tree.type === 'OPERATOR_TRY') return [];
      return /^(OPERATOR_(NOT|IS_NULL|IS_NOT_NULL|COALESCE|NULLIF)|COMPARE_(NOT_)?IN)$/.test(String(tree.type))
        ? tree.children
        : undefined;
    case 'CASE': {
      const checks = tree.case_checks as readonly { when_expr: Tree; then_expr: Tree }[];
      return [...checks.flatMap(({ when_expr, then_expr }) => [when_expr, then_expr]), one('else_expr')];
    }
    default:
      return undefined;
  }
}

function everyValueCasts({ child, cast_type }: Tree, columns: readonly Column[]): boolean {
  const to = String((cast_type as { id: string }).id);
  // What a text means is known before the run, or told when it is prepared.
  if ((child as Tree).class === 'CONSTANT') return true;
  const from = typeOf(child as Tree, columns);
  if (from === undefined) return false;
  if (from === to || to === 'VARCHAR') return true;
  if (from === 'TIMESTAMP') return to === 'DATE';
  const [narrow, wide] = [integers.indexOf(from), integers.indexOf(to)];
  return narrow >= 0 && (wide > narrow || to === 'DOUBLE');
}

function isDouble(tree: Tree, columns: readonly Column[]): boolean {
  if (tree.class === 'CAST') return (tree.cast_type as { id: string }).id === 'DOUBLE';
  if (tree.class !== 'FUNCTION') return typeOf(tree, columns) === 'DOUBLE';
  const name = String(tree.function_name);
  if (name === '/') return true;
  return arithmetic.has(name) && tree.children!.some((part) => isDouble(part, columns));
}

function typeOf(tree: Tree, columns: readonly Column[]): string | undefined {
  // Of several names the last is that of a member.
  const names = tree.class === 'COLUMN_REF' ? tree.column_names! : [];
  return names.length === 1 ? columns.find((column) => sameName(column.name, names[0]!))?.type : undefined;
}
