import * as z from 'zod';
import { kindOf } from '../component/column-types.ts';
import { type Conversion, conversion, targetTypeSchema } from '../component/conversion.ts';
import { ColumnTypeUnfitError, columnOf } from '../component/errors.ts';
import { isList, type JsonType, jsonConversion, jsonTypeSchema, jsonTypeTitle } from '../component/json-value.ts';
import { asRe2, groupsOf, linearPatternSchema } from '../component/linear-pattern.ts';
import { named } from '../component/named.ts';
import { numberLocaleSchema, plainNumber } from '../component/number-text.ts';
import { defineOperator } from '../component/operator.ts';
import { refusal } from '../component/refusal.ts';
import { asItIs, literal, type Path, type Projection, quoted, type Rejection } from '../component/shape.ts';
import { timeFormatSchema } from '../component/time-format.ts';

const prefix = z.string().default('').describe('begins the names of the new columns');
const format = z
  .union([timeFormatSchema, z.array(timeFormatSchema).min(1)])
  .describe('strptime format, e.g. %d.%m.%Y, or several: the first that fits is taken');

const json = z.strictObject({
  as: z.literal('json').describe('the text is JSON'),
  to: jsonTypeSchema.describe('field → type; a type, [type] or { field: type }. Fields become columns of their own'),
  prefix,
});
const date = z.strictObject({ as: z.literal('date').describe('the text is a day'), format });
const timestamp = z
  .strictObject({
    as: z.literal('timestamp').describe('the text is a day and a time; it becomes one in UTC'),
    format,
    zone: z
      .string()
      .refine(isZone, 'is not a time zone: a name such as Europe/Berlin')
      .optional()
      .describe('time zone that texts without one are in, e.g. Europe/Berlin; default: UTC'),
  })
  .refine(
    ({ format, zone }) => zone === undefined || ![format].flat().some((one) => /%[zZ]/.test(one)),
    refusal('goes with formats that hold no zone of their own (%z, %Z)', {
      path: ['zone'],
      allowed: 'a zone for texts without one, or a format with %z or %Z',
      change: 'leave `zone` out, or take the zone out of the formats',
    }),
  );
const number = z.strictObject({
  as: z.literal('number').describe('the text is a number as people write it'),
  type: targetTypeSchema
    .refine(
      (type) => kindOf(type) === 'number',
      refusal('is not a type of numbers', {
        allowed: 'TINYINT to HUGEINT (or one of them with U), FLOAT, DOUBLE, DECIMAL(width,scale)',
        change: 'name one of these, or use as: "date" or "timestamp" for times',
      }),
    )
    .describe('what it becomes, e.g. DECIMAL(12,2); digits beyond it reject the row'),
  locale: numberLocaleSchema.default('en').describe('language whose decimal and group signs it has'),
  percent: z.boolean().default(false).describe('a percent sign may follow: 12.5 % becomes 0.125'),
  currency: z
    .union([z.boolean(), z.array(z.string().min(1)).min(1)])
    .default(false)
    .describe('symbols or codes that may stand before or behind; true: any'),
});
const pattern = z
  .strictObject({
    as: z.literal('pattern').describe('the text matches a regular expression'),
    pattern: linearPatternSchema.describe('regular expression (RE2, linear time); its named groups become columns'),
    types: z.record(z.string(), targetTypeSchema).default({}).describe('group → type; default: text'),
    prefix,
  })
  .refine(
    (options) => groupsOf(options.pattern).some((name) => name !== undefined),
    refusal('has no named group', {
      path: ['pattern'],
      allowed: 'a pattern with named groups, each of which becomes a column',
      change: 'name a group, e.g. (?<year>\\d{4})',
    }),
  )
  .superRefine(({ pattern, types }, context) => {
    const groups = groupsOf(pattern);
    for (const name of Object.keys(types).filter((one) => !groups.includes(one)))
      context.addIssue({
        code: 'custom',
        ...refusal('names no group of the pattern', {
          path: ['types', name],
          allowed: groups.filter((group) => group !== undefined).join(', '),
          change: 'name one of the groups, or take this type out',
        }),
        input: name,
      });
  });

const wanted = z.discriminatedUnion('as', [json, date, timestamp, number, pattern]);
const schema = z.strictObject({
  columns: named(wanted, {
    one: 'a column with what its text is',
    example: "{ data: { as: 'json', to: { id: 'BIGINT' } } }",
  }).describe('column of text → what its text is'),
});

type Wanted = z.output<typeof wanted>;

/** New columns in place of one, and what makes a row bad. */
interface Parsed {
  readonly columns: readonly Projection[];
  readonly rejections: readonly Rejection[];
  /** What all of them are made of: text is looked through once. */
  readonly value?: Projection;
}

/**
 * Takes typed values out of text: JSON, days and times by format, numbers as a language writes them, regular
 * expressions with named groups. What is not what it should be rejects its row; NULL stays NULL. Of a clock time that
 * comes twice, when summer time ends, the later one is meant; one that never comes rejects its row. A group that
 * matches nothing gives NULL.
 * @example parse({ payload: { as: 'json', to: { id: 'BIGINT', tags: ['VARCHAR'], place: { city: 'VARCHAR' } } } })
 * @example parse({ ordered: { as: 'timestamp', format: '%d.%m.%Y %H:%M', zone: 'Europe/Berlin' } })
 * @example parse({ price: { as: 'number', type: 'DECIMAL(12,2)', locale: 'de', currency: ['€', 'EUR'] } })
 * @example parse({ line: { as: 'pattern', pattern: '^(?<user>\\w+)@(?<port>\\d+)$', types: { port: 'INTEGER' } } })
 */
export default defineOperator({
  component: 'parse',
  schema,
  author: (columns: z.input<typeof schema>['columns']) => ({ options: { columns } }),
  shape({ columns }, { input }) {
    const parsed = new Map<string, Parsed>();
    for (const [index, [name, how]] of Object.entries(columns).entries()) {
      const path = ['columns', name];
      const { type } = columnOf(name, input, path);
      if (kindOf(type) !== 'text' && !(type === 'JSON' && how.as === 'json'))
        throw new ColumnTypeUnfitError(name, type, 'a column of text', path);
      parsed.set(name, parsedColumn(how, { name, text: `${quoted(name)}::VARCHAR`, value: `__value_${index}`, path }));
    }
    const all = [...parsed.values()];
    return {
      form: 'project',
      lets: all.flatMap(({ value }) => value ?? []),
      columns: input.flatMap((column) => parsed.get(column.name)?.columns ?? [asItIs(column)]),
      rejections: all.flatMap(({ rejections }) => rejections),
    };
  },
});

/** A column and where things are. */
interface Place {
  readonly name: string;
  /** SQL of its text. */
  readonly text: string;
  /** Name for the value that the text is looked through for. */
  readonly value: string;
  readonly path: Path;
}

function parsedColumn(how: Wanted, place: Place): Parsed {
  const { text, value, path } = place;
  switch (how.as) {
    case 'json':
      return parsedJson(how, place);
    case 'date':
    case 'timestamp': {
      const formats = [how.format].flat();
      const sql = `try_strptime(${text}, [${formats.map(literal).join(', ')}])::TIMESTAMP`;
      const made = how.as === 'date' ? dayOf(value) : timeOf(value, how.zone);
      const what = `a ${how.as} like ${formats.join(' or ')}`;
      return oneValue(place, made, {
        what,
        value: { name: value, expression: { sql, path, shown: formats.join(', ') } },
      });
    }
    case 'number': {
      const { value: made, kept } = conversion(value, 'VARCHAR', how.type);
      const what = `a number (${how.locale}) that is ${how.type}`;
      return oneValue(
        place,
        { value: made, kept: (given) => `${value} IS NOT NULL AND ${kept(given)}` },
        { what, value: { name: value, expression: { sql: plainNumber(text, how), path, shown: what } } },
      );
    }
    case 'pattern':
      return parsedGroups(how, place);
  }
}

/** The column under its own name, with another value. */
function oneValue(
  { name, path }: Place,
  made: Conversion,
  { what, value }: { readonly what: string; readonly value: Projection },
): Parsed {
  return {
    columns: [{ name, expression: { sql: made.value, path, shown: what }, nullWith: name }],
    rejections: [rejection(name, what, `${quoted(name)} IS NULL OR ${made.kept(made.value)}`)],
    value,
  };
}

function rejection(name: string, what: string, holds: string, rule = `${name} is ${what}`): Rejection {
  return { rule, column: name, holds: { sql: `coalesce(${holds}, false)` }, message: `is not ${what}` };
}

function dayOf(time: string): Conversion {
  return { value: `${time}::DATE`, kept: (value) => `${value} = ${time}` };
}

function timeOf(time: string, zone: string | undefined): Conversion {
  if (zone === undefined) return { value: time, kept: (value) => `${value} IS NOT NULL` };
  const there = (sql: string) => `timezone(${literal(zone)}, ${sql})`;
  // Of a time that the clock leaves out comes back another one.
  return { value: `${there(time)}::TIMESTAMP`, kept: () => `${there(there(time))} = ${time}` };
}

function parsedJson({ to, prefix: begin }: z.output<typeof json>, { name, text, value, path }: Place): Parsed {
  const valid = `CASE WHEN json_valid(${text}) THEN ${text}::JSON END`;
  const isJson = rejection(name, 'JSON', `${quoted(name)} IS NULL OR json_valid(${text})`);
  if (typeof to === 'string' || isList(to)) {
    const { value: made, good } = jsonConversion(value, to, text);
    const shown = jsonTypeTitle(to);
    return {
      columns: [{ name, expression: { sql: made, path: [...path, 'to'], shown } }],
      rejections: [isJson, rejection(name, shown, good)],
      value: { name: value, expression: { sql: valid } },
    };
  }
  const types = Object.entries(to as Readonly<Record<string, JsonType>>);
  const fields = types.map(([field, type]) => {
    const { value: made, good } = jsonConversion(`${value}.${quoted(field)}`, type, text);
    const what = `JSON whose "${field}" is ${jsonTypeTitle(type)}`;
    return {
      column: { name: `${begin}${field}`, expression: { sql: made, path: [...path, 'to', field], shown: what } },
      rejection: rejection(name, what, good, `${name}.${field} is ${jsonTypeTitle(type)}`),
    };
  });
  const structure = literal(JSON.stringify(Object.fromEntries(types.map(([field]) => [field, 'JSON']))));
  const isObject = `CASE WHEN json_valid(${text}) THEN json_type(${text}) IN ('NULL', 'OBJECT') ELSE true END`;
  return {
    columns: fields.map(({ column }) => column),
    rejections: [isJson, rejection(name, 'a JSON object', isObject), ...fields.map((field) => field.rejection)],
    value: { name: value, expression: { sql: `from_json(${valid}, ${structure})` } },
  };
}

function parsedGroups(how: z.output<typeof pattern>, { name, text, value, path }: Place): Parsed {
  const { pattern: shown, types, prefix: begin } = how;
  const expression = literal(asRe2(shown));
  // A group without a name needs one, too: they are counted.
  const names = groupsOf(shown).map((group, index) => group ?? `__${index}`);
  const groups = groupsOf(shown).filter((group) => group !== undefined);
  const parts = groups.map((group) => {
    const type = types[group] ?? 'VARCHAR';
    const found = `nullif(${value}.${quoted(group)}, '')`;
    const made = conversion(found, 'VARCHAR', type);
    const what = `a text whose "${group}" is ${type}`;
    const holds = `${found} IS NULL OR ${made.kept(made.value)}`;
    return {
      column: { name: `${begin}${group}`, expression: { sql: made.value, path: [...path, 'pattern'], shown } },
      rejection: rejection(name, what, holds, `${name}.${group} is ${type}`),
    };
  });
  const matches = `${quoted(name)} IS NULL OR regexp_matches(${text}, ${expression})`;
  const sql = `regexp_extract(${text}, ${expression}, [${names.map(literal).join(', ')}])`;
  return {
    columns: parts.map(({ column }) => column),
    rejections: [rejection(name, `like ${shown}`, matches), ...parts.map((part) => part.rejection)],
    value: { name: value, expression: { sql, path: [...path, 'pattern'], shown } },
  };
}

/** DuckDB knows all zones that JavaScript does by their names; distances such as +02:00 it knows none. */
function isZone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
