import * as z from 'zod';
import { classificationSchema } from '../../component/contract.ts';
import type { ContractField } from '../../component/plan.ts';
import type { Locate } from '../../component/user-location.ts';
import { nearest } from '../../core/nearest.ts';
import { ColumnRefusal, fieldOf, type LogicalType, typeOptions } from '../odcs/column.ts';
import { physicalType } from '../odcs/physical-type.ts';
import { type Problem, problemsOf } from '../problem.ts';
import { isMapping } from './is-mapping.ts';
import { isNestedColumn, readNestedColumn } from './nested-column.ts';

const typeNames = Object.keys(typeOptions) as LogicalType[];
const typeText =
  'string, integer, number, decimal(12,2), boolean, date, timestamp, time, [] behind them for lists, list, object; with ? behind it may be NULL';

/** What a column may say whatever its type. */
const common = {
  enum: z.array(z.unknown()).min(1).optional().describe('the only values that are allowed'),
  classification: classificationSchema.optional(),
  description: z.string().optional().describe('for people; nothing is checked by it'),
};

/** A column by its type, as it is written out: `{ type: integer?, minimum: 0 }`. */
export const columnSchemas = Object.fromEntries(
  typeNames.map((name) => [name, typeOptions[name].extend({ type: z.string().regex(typePattern(name)), ...common })]),
) as unknown as Readonly<Record<LogicalType, z.ZodObject>>;

/** What matches the text of a type, e.g. `integer?` or `decimal(12,2)`. */
export function typePattern(type: LogicalType): RegExp {
  return type === 'decimal' ? /^decimal\([1-9]\d?, ?\d\d?\)\??$/ : new RegExp(`^${type}\\??$`);
}

/** Fields from a mapping of names to types: `{ delay: integer, state: string?, distance: { type: integer, minimum: 0 } }`. */
export function readColumns(
  value: unknown,
  part: string,
  locate: Locate,
): { fields: ContractField[]; problems: Problem[] } {
  if (!isMapping(value) || Object.keys(value).length === 0) {
    const problem = {
      at: locate([]),
      part,
      problem: 'there are no columns',
      received: isMapping(value) ? '{}' : value,
      allowed: 'a mapping of names to types, e.g. { id: integer, note: string? }',
      change: 'name the columns',
    };
    return { fields: [], problems: [problem] };
  }
  const fields: ContractField[] = [];
  const problems: Problem[] = [];
  for (const [name, given] of Object.entries(value)) {
    const column = typeof given === 'string' ? { type: given } : given;
    const read = isNestedColumn(column) ? readNestedColumn : readColumn;
    const result = read(name, column, `${part} / ${name}`, (path, key) =>
      // A type that stands alone has no parts.
      locate(typeof given === 'string' ? [name] : [name, ...path], key),
    );
    if ('name' in result) fields.push(result);
    else problems.push(...result.problems);
  }
  return { fields, problems };
}

function readColumn(
  name: string,
  column: unknown,
  part: string,
  locate: Locate,
): ContractField | { readonly problems: readonly Problem[] } {
  const type = columnTypeOf(column);
  if (type === undefined) return { problems: [unknownType(isMapping(column) ? column.type : column, part, locate)] };
  const parsed = columnSchemas[type].safeParse(column);
  if (!parsed.success)
    return { problems: problemsOf(parsed.error, part, locate, column, Object.keys(columnSchemas[type].shape)) };
  const {
    type: written,
    enum: values,
    classification,
    description: _,
    ...options
  } = parsed.data as Record<string, any>;
  const [width, scale] = (written.match(/\d+/g) ?? []).map(Number);
  try {
    if (type === 'decimal' && (width! > 38 || scale! > width!))
      throw new ColumnRefusal(
        'there is no such decimal',
        ['type'],
        'decimal(width,scale) of 1 to 38 digits, of which at most all stand behind the point',
      );
    const nullable = written.endsWith('?');
    const field = fieldOf({ name, type, nullable, values, options: { ...options, width, scale } });
    return classification === undefined ? field : { ...field, classification };
  } catch (error) {
    if (!(error instanceof ColumnRefusal)) throw error;
    const { message: problem, path, allowed } = error;
    const received = path.reduce<any>((value, key) => value?.[key], column);
    return { problems: [{ at: locate(path), part, problem, received, allowed, change: 'correct it' }] };
  }
}

/** The type that a column names; undefined where there is none, or no such type. */
export function columnTypeOf(column: unknown): LogicalType | undefined {
  const text = isMapping(column) ? column.type : column;
  return typeof text === 'string' ? typeNames.find((one) => typePattern(one).test(text)) : undefined;
}

export function unknownType(received: unknown, part: string, locate: Locate): Problem {
  const name = typeof received === 'string' ? received.replace(/[[\]?]+$/, '') : undefined;
  // What databases call it comes first.
  const guess = name && (physicalType(name)?.type ?? nearest(name, [...typeNames, 'list', 'object']));
  return {
    at: locate(['type']),
    part: `${part} / type`,
    problem: received === undefined ? 'the column has no type' : 'there is no such type',
    received: received ?? 'nothing',
    allowed: typeText,
    change:
      guess === 'decimal'
        ? 'say how many digits it has in all, and behind the point: decimal(12,2)'
        : guess
          ? `did you mean "${guess}"?`
          : 'give one of these types',
  };
}
