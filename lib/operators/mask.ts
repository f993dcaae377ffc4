import * as z from 'zod';
import { kindOf } from '../component/column-types.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { fractionDigits, fractionRoom } from '../component/fraction-digits.ts';
import { keyedHash } from '../component/keyed-hash.ts';
import { named } from '../component/named.ts';
import { defineOperator } from '../component/operator.ts';
import type { Column } from '../component/plan.ts';
import { refusal } from '../component/refusal.ts';
import { secretNameSchema } from '../component/secret-name.ts';
import { asItIs, type Expression, literal, type Path, quoted, type Rejection } from '../component/shape.ts';

const hash = z.strictObject({
  method: z.literal('hash').describe('HMAC-SHA-256 of the value under a secret key, 64 hexadecimal digits'),
  secret: secretNameSchema,
});
const tokenise = z.strictObject({
  method: z.literal('tokenise').describe('a short token; the same value gives the same one under the same secret'),
  secret: secretNameSchema,
  prefix: z.string().default('').describe('begins each token, e.g. cus_'),
});
const redact = z.strictObject({
  method: z.literal('redact').describe('nothing of the value is left: a text in place of texts, NULL of other types'),
  with: z.string().optional().describe('text in place of texts; default: [redacted]'),
});
const partial = z
  .strictObject({
    method: z.literal('partial').describe('some characters at the ends are left of a text'),
    keepFirst: z.int().min(0).default(0).describe('characters that are left at the beginning'),
    keepLast: z.int().min(0).default(4).describe('characters that are left at the end'),
    with: z.string().min(1).default('*').describe('stands for each other character'),
  })
  .refine(
    ({ keepFirst, keepLast }) => keepFirst + keepLast > 0,
    refusal('leaves nothing of the text', {
      allowed: 'keepFirst and keepLast that are not both 0',
      change: 'use method: "redact", or keep some characters',
      path: ['keepLast'],
    }),
  );
const generalise = z
  .strictObject({
    method: z.literal('generalise').describe('a day or number is taken down to the beginning of its period or step'),
    to: z.enum(['month', 'quarter', 'year', 'decade']).optional().describe('period that a day or time is in'),
    step: z.number().positive().optional().describe('distance of the numbers that are left, e.g. 1000'),
  })
  .refine(
    ({ to, step }) => (to === undefined) !== (step === undefined),
    refusal('one of to (for days) and step (for numbers) says how coarse it becomes', {
      allowed: 'to or step, not both',
      change: 'give one of them',
      path: ['to'],
    }),
  );

const method = z.discriminatedUnion('method', [hash, tokenise, redact, partial, generalise]);
const schema = z.strictObject({
  columns: named(method, { one: 'a column with its method', example: "{ name: { method: 'redact' } }" }).describe(
    'column → how its values are made safe',
  ),
});

type Method = z.output<typeof method>;

/**
 * Makes the values of columns safe to show. Keys are secrets that workers read when they run, under the name that stands
 * here, in the version that was current when the run began: a rotation goes for the runs after it, whose values do not
 * match those of before. NULL stays NULL. The plan marks the columns as
 * masked. Rows that other steps reject keep what they were read with.
 * @example mask({ email: { method: 'hash', secret: 'secretsmanager:shop/hash-key' }, card: { method: 'partial', keepLast: 4 } })
 * @example mask({ customer: { method: 'tokenise', secret: 'ssm:/shop/token-key', prefix: 'cus_' }, name: { method: 'redact' } })
 * @example mask({ born: { method: 'generalise', to: 'year' }, salary: { method: 'generalise', step: 1000 } })
 */
export default defineOperator({
  component: 'mask',
  schema,
  author: (columns: z.input<typeof schema>['columns']) => ({ options: { columns } }),
  shape({ columns }, { input }) {
    const masked = new Map<string, Masked>();
    for (const [name, how] of Object.entries(columns)) {
      const path = ['columns', name];
      masked.set(name, maskedColumn(columnOf(name, input, path), how, path));
    }
    return {
      form: 'project',
      columns: input.map((column) => {
        const how = masked.get(column.name);
        if (!how) return asItIs(column);
        const { expression, empties } = how;
        return { name: column.name, expression, ...(!empties && { nullWith: column.name }) };
      }),
      rejections: [...masked.values()].flatMap(({ rejection }) => rejection ?? []),
      masks: [...masked.keys()],
    };
  },
});

interface Masked {
  readonly expression: Expression;
  readonly rejection?: Rejection;
  /** True where nothing is left of values. */
  readonly empties?: true;
}

function maskedColumn(column: Column, how: Method, path: Path): Masked {
  const { name, type } = column;
  const value = quoted(name);
  const kind = kindOf(type);
  switch (how.method) {
    case 'hash':
      return { expression: { sql: keyedHash(how.secret, `${value}::VARCHAR`), secret: how.secret } };
    case 'tokenise': {
      // Another message than that of a hash: a token tells nothing of a hash under the same key.
      const digits = keyedHash(how.secret, `'token:' || ${value}::VARCHAR`);
      return { expression: { sql: `${literal(how.prefix)} || left(${digits}, 32)`, secret: how.secret } };
    }
    case 'redact':
      if (kind === 'text') {
        const sql = `CASE WHEN ${value} IS NOT NULL THEN ${literal(how.with ?? '[redacted]')} END`;
        return { expression: { sql } };
      }
      if (how.with !== undefined) throw new ColumnTypeUnfitError(name, type, 'a column of text', [...path, 'with']);
      // The column is named, so that its lineage is known.
      return { expression: { sql: `CASE WHEN ${value} IS NULL THEN ${value} END` }, empties: true };
    case 'partial': {
      if (kind !== 'text') throw new ColumnTypeUnfitError(name, type, 'a column of text', path);
      const { keepFirst, keepLast } = how;
      const text = `${value}::VARCHAR`;
      const hidden = `length(${text}) - ${keepFirst + keepLast}`;
      const all = `repeat(${literal(how.with)}, length(${text}))`;
      const some = `left(${text}, ${keepFirst}) || repeat(${literal(how.with)}, ${hidden}) || right(${text}, ${keepLast})`;
      // Of a short text the ends would be all of it.
      return { expression: { sql: `CASE WHEN ${hidden} > 0 THEN ${some} ELSE ${all} END` } };
    }
    case 'generalise':
      return how.to === undefined ? stepped(column, how.step!, path) : period(column, how.to, path);
  }
}

function period({ name, type }: Column, to: string, path: Path): Masked {
  if (kindOf(type) !== 'time') throw new ColumnTypeUnfitError(name, type, 'a DATE or a TIMESTAMP', [...path, 'to']);
  return { expression: { sql: `CAST(date_trunc(${literal(to)}, ${quoted(name)}) AS ${type})` } };
}

function stepped({ name, type }: Column, step: number, path: Path): Masked {
  const place = [...path, 'step'];
  if (kindOf(type) !== 'number') throw new ColumnTypeUnfitError(name, type, 'a column of numbers', place);
  const value = quoted(name);
  const rejection = (sql: string) => ({
    rule: `${name} fits its type in steps of ${step}`,
    column: name,
    holds: { sql: `${value} IS NULL OR ${sql} IS NOT NULL` },
    message: `has no step of ${step} below it that is ${type}`,
  });
  if (/^(FLOAT|DOUBLE)$/.test(type)) return { expression: { sql: steppedFraction(value, type, step) } };
  const digits = fractionRoom(type);
  const wide = type.startsWith('DECIMAL') ? `DECIMAL(38,${digits})` : 'HUGEINT';
  const beyond = wide === 'HUGEINT' ? Number.POSITIVE_INFINITY : 10 ** (38 - digits);
  if (fractionDigits(step) > digits || step > Number.MAX_SAFE_INTEGER || step >= beyond) {
    const most = beyond <= Number.MAX_SAFE_INTEGER ? `less than ${beyond}` : 'at most 2^53';
    const allowed = `a step of ${most} with no more than ${digits} digits behind the point`;
    throw new ColumnTypeUnfitError(name, type, allowed, place);
  }
  const [whole, size] = [`${value}::${wide}`, `${step}::${wide}`];
  // The remainder has the sign of the number, and steps go down; at the end of a type there may be none.
  const above = `${whole} % ${size} + CASE WHEN ${whole} % ${size} < 0 THEN ${size} ELSE 0 END`;
  const sql = `TRY(CAST(${whole} - (${above}) AS ${type}))`;
  return { expression: { sql, path: place, shown: `steps of ${step}` }, rejection: rejection(sql) };
}

/**
 * The nearest step, or the one below it where that is above the number: a division by 0.1 takes 0.3 to less than three
 * steps. Whole numbers stand for the step, which itself may be no binary fraction.
 */
function steppedFraction(value: string, type: string, step: number): string {
  const parts = 10 ** fractionDigits(step);
  const size = `${Math.round(step * parts)}::DOUBLE`;
  const nearest = `round(${value} * ${parts}::DOUBLE / ${size})`;
  const at = (count: string) => `TRY_CAST(${count} * ${size} / ${parts}::DOUBLE AS ${type})`;
  // What is infinite, or would become so, is as it was.
  const [one, below] = [at(nearest), at(`(${nearest} - 1)`)];
  return `CASE WHEN isfinite(${one}) AND ${one} <= ${value} THEN ${one} WHEN isfinite(${below}) AND ${below} <= ${value} THEN ${below} ELSE ${value} END`;
}
