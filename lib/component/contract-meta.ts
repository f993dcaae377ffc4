import * as z from 'zod';
import type { CheckedType } from './contract-rules.ts';
import { ContractUnsupportedError } from './contract-unsupported-error.ts';
import type { ContractRule } from './plan.ts';

/** Types that zod has no schema for, and those of its schemas that they may be said of. */
const declarable: readonly { readonly type: RegExp; readonly of: RegExp; readonly schemas: string }[] = [
  {
    type: /^DECIMAL\(([1-9]|[12]\d|3[0-8]),(\d|[12]\d|3[0-8])\)$/,
    of: /^(VARCHAR|DOUBLE|BIGINT|HUGEINT)$/,
    schemas: 'string, number, int, bigint',
  },
  {
    type: /^(TINYINT|SMALLINT|INTEGER|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT)$/,
    of: /^(BIGINT|INTEGER|HUGEINT)$/,
    schemas: 'int, bigint',
  },
  { type: /^TIMESTAMP WITH TIME ZONE$/, of: /^TIMESTAMP$/, schemas: 'iso.datetime, date' },
];
const declarableText = 'DECIMAL(width,scale), TINYINT to UBIGINT, TIMESTAMP WITH TIME ZONE';

/** What `.meta({ columnType })` says of a column that zod has no schema for: decimals, small integers, moments with a zone. */
export function declaredType(name: string, field: z.ZodType, checked: CheckedType): CheckedType {
  const said = metaOf(field, 'columnType');
  if (said === undefined) return checked;
  const type = String(said)
    .toUpperCase()
    .replace(/,\s+/, ',')
    .replace(/^TIMESTAMPTZ$/, 'TIMESTAMP WITH TIME ZONE');
  const found = declarable.find((one) => one.type.test(type));
  const [width, scale] = (/\((\d+),(\d+)\)/.exec(type) ?? []).slice(1).map(Number);
  if (!found || (scale !== undefined && scale > width!))
    throw misdeclared(`the column type of "${name}" is none that can be declared`, said, declarableText);
  if (!found.of.test(checked.type) || checked.pattern || checked.set)
    throw misdeclared(
      `"${name}" cannot be ${type}: its zod schema says ${checked.type}`,
      said,
      `z.${found.schemas.replaceAll(', ', ', z.')}`,
    );
  if (checked.type === 'VARCHAR' && checked.checks.length > 0)
    throw misdeclared(
      `"${name}" is ${type}, and its checks are those of a text`,
      said,
      'z.number() with bounds, or decimal() without checks',
    );
  return { ...checked, type };
}

function misdeclared(problem: string, received: unknown, allowed: string, of = 'columnType'): ContractUnsupportedError {
  return new ContractUnsupportedError({ problem, received, allowed, change: `correct .meta({ ${of} })` });
}

/** What `.meta()` says, on the field or on what stands inside of its nullable and optional. */
function metaOf(field: z.ZodType, name: string): unknown {
  const said = z.globalRegistry.get(field)?.[name];
  const inner = (field as any)._zod.def.innerType as z.ZodType | undefined;
  return said === undefined && inner ? metaOf(inner, name) : said;
}

/** What `.meta({ uniqueItems: true })` says of an array; of NULLs there is one at most, too. */
export function uniqueItems(name: string, schema: z.ZodType, list: string): ContractRule[] {
  const said = metaOf(schema, 'uniqueItems');
  if (said === undefined || said === false) return [];
  if (said !== true)
    throw misdeclared(`it is not said whether items of "${name}" are unique`, said, 'true, false', 'uniqueItems');
  const expression = `len(list_distinct(${list})) + least(len(${list}) - list_count(${list}), 1) = len(${list})`;
  return [{ name: `${name} holds nothing twice`, expression, message: 'holds a value twice' }];
}

/** What `.meta({ minProperties, maxProperties })` says of an object: how many of its members have a value. */
export function memberCounts(name: string, schema: z.ZodType, members: readonly string[]): ContractRule[] {
  const count = members.map((member) => `CASE WHEN ${member} IS NULL THEN 0 ELSE 1 END`).join(' + ');
  const bounds = [
    { of: 'minProperties', sign: '>=', message: 'has fewer members with a value than' },
    { of: 'maxProperties', sign: '<=', message: 'has more members with a value than' },
  ];
  return bounds.flatMap(({ of, sign, message }): ContractRule[] => {
    const said = metaOf(schema, of);
    if (said === undefined) return [];
    if (!Number.isSafeInteger(said) || Number(said) < 0)
      throw misdeclared(`the number of members of "${name}" is none`, said, 'a whole number from 0', of);
    return [
      {
        name: `${name} members ${sign} ${said}`,
        expression: `${count} ${sign} ${said}`,
        message: `${message} ${said}`,
      },
    ];
  });
}
