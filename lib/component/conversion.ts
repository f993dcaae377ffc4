import * as z from 'zod';
import { refusal } from './refusal.ts';
import { significand } from './significand.ts';
import { nestedType, valueAsJson } from './value-as-json.ts';

/** A type that values can be converted to, as DuckDB writes it; in any case. */
export const targetTypeSchema = z
  .string()
  .toUpperCase()
  .overwrite((type) => type.replaceAll(' ', ''))
  .regex(
    /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\([1-9]\d?,\d\d?\)|VARCHAR|DATE|TIME|TIMESTAMP|UUID)$/,
    {
      message:
        'is not a type to convert to: BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, HUGEINT (or one of them with U), FLOAT, DOUBLE, DECIMAL(width,scale), VARCHAR, DATE, TIME, TIMESTAMP, UUID',
      abort: true,
    },
  )
  .refine(
    fitsDecimal,
    refusal('is not a DECIMAL that there is', {
      allowed: 'DECIMAL(width,scale) of 1 to 38 digits, of which at most all stand behind the point',
      change: 'lower the width or the scale, e.g. DECIMAL(38,10)',
    }),
  )
  .describe('DuckDB type, e.g. DATE, BIGINT, DECIMAL(12,2)');

function fitsDecimal(type: string): boolean {
  const [width, scale] = type.match(/\d+/g)?.map(Number) ?? [];
  return scale === undefined || (width! <= 38 && scale <= width!);
}

/** How a value becomes one of another type without loss, as SQL. */
export interface Conversion {
  /** The converted value; NULL where there is none. */
  readonly value: string;
  /** True where nothing was lost, false where something was. It is not asked for NULL. */
  kept(value: string): string;
}

/** One that can be asked cheaply first. */
export interface TestedConversion extends Conversion {
  /**
   * True only where there is a value and nothing was lost, and cheap to ask: nearly every value that was kept passes. No text
   * of an infinite number, date or timestamp does.
   */
  surelyKept(value: string): string;
}

const integer = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const time = /^(DATE|TIME)/;
/** No year of fewer digits comes after it. */
const year1000 = "TIMESTAMP '1000-01-01'";
const lastTimestamp = "TIMESTAMP '9999-12-31 23:59:59.999999'";
const decimal = /^DECIMAL\(\d+, ?(\d+)\)$/;

/**
 * SQL that converts, and SQL that tells whether the value survived. DuckDB rounds, cuts and forgets without a word:
 * "1.5" becomes the integer 2, "2001-01-01 23:00" a date, "…T00:00+02:00" midnight in UTC.
 * @param column SQL of the value
 * @param from DuckDB type that it has; VARCHAR for the text formats
 * @param to DuckDB type that is wanted
 */
export function conversion(column: string, from: string, to: string): TestedConversion {
  if (from === to) return { value: column, kept: () => 'true', surelyKept: () => 'true' };
  if (from === 'VARCHAR') return fromText(column, to);
  if (to === 'VARCHAR' && nestedType.test(from)) {
    const kept = (given: string) => `(${given} IS NOT NULL)`;
    const value = `CASE WHEN ${column} IS NOT NULL THEN (${valueAsJson(column, from)})::VARCHAR END`;
    return { value, kept, surelyKept: kept };
  }
  // Of times, TRY_CAST does not catch all that no other type of time has room for.
  const tried = (sql: string) => (time.test(from) && time.test(to) ? `TRY(${sql})` : sql);
  const value = tried(`TRY_CAST(${column} AS ${to})`);
  const kept = (given: string) => `(${tried(`TRY_CAST(${given} AS ${from})`)} IS NOT DISTINCT FROM ${column})`;
  return { value, kept, surelyKept: (given) => `(${given} IS NOT NULL AND ${kept(given)})` };
}

function fromText(column: string, to: string): TestedConversion {
  const converted = `TRY_CAST(${column} AS ${to})`;
  const like = (pattern: string) => `regexp_full_match(${column}, '\\s*${pattern}\\s*')`;
  // A value that is written as it was given has lost nothing, and writing it is cheaper than a regular expression.
  const written = (given: string) => `${given}::VARCHAR = ${column}`;
  const nearlyAny = (given: string) =>
    `isfinite(${given}) AND NOT contains(${column}, '_') AND (${given} <> 0 OR NOT (contains(${column}, 'e') OR contains(${column}, 'E')))`;
  const where = (condition: string, surely?: (given: string) => string): TestedConversion => {
    const kept = (given: string) => `(${given} IS NOT NULL AND ${condition})`;
    return { value: converted, kept, surelyKept: surely ?? kept };
  };
  // Of 39 digits some fit into 128 bits, and none into the DECIMAL(38) that files have for them.
  if (/HUGEINT$/.test(to)) return where(like('[+-]?0*[0-9]{1,38}'));
  // A text of one byte that is an integer is a digit.
  const digits = (given: string) => `(${given} IS NOT NULL AND strlen(${column}) = 1 OR ${written(given)})`;
  if (integer.test(to)) return where(like('[+-]?[0-9]+'), digits);
  const scale = decimal.exec(to)?.[1];
  if (scale !== undefined) {
    const kept = (given: string) =>
      soon(given, like(`[+-]?[0-9]*\\.?[0-9]{0,${scale}}0*`), [
        like('[+-]?[0-9]*\\.?[0-9]*[eE][+-]?[0-9]+'),
        `${significand(`${given}::VARCHAR`)} = ${significand(`trim(${column})`)}`,
      ]);
    return { value: converted, kept, surelyKept: written };
  }
  switch (to) {
    case 'FLOAT':
    case 'DOUBLE':
      // Integers have no digit to lose, unless the text is what a DOUBLE itself is written like, zeros at its end. Of
      // fractions a DOUBLE promises fifteen digits, and keeps them.
      return {
        value: converted,
        kept: (given) =>
          soon(given, `length(${column}) < ${to === 'FLOAT' ? 8 : 16} AND ${nearlyAny(given)}`, [
            `NOT contains(${column}, '_')`,
            // Of what is too large for the type infinity is left, of what is too small nothing.
            `(isfinite(${given}) OR NOT regexp_matches(${column}, '[0-9]'))`,
            `(${given} <> 0 OR NOT regexp_matches(${column}, '^[^eE]*[1-9]'))`,
            // A cast that fails is dear, and OR would ask for it of each row.
            `CASE WHEN NOT ${like('[+-]?[0-9]+')} THEN true WHEN TRY_CAST(${column} AS HUGEINT) IS NULL THEN false WHEN TRY_CAST(${column} AS HUGEINT) = TRY_CAST(${given} AS HUGEINT) THEN true ELSE ${significand(`${given}::VARCHAR`)} = ${significand(`trim(${column})`)} END`,
          ]),
        surelyKept: (given) =>
          `${given} IS NOT NULL AND strlen(${column}) < ${to === 'FLOAT' ? 8 : 16} AND ${nearlyAny(given)}`,
      };
    case 'DATE':
      return {
        value: converted,
        kept: (given) =>
          `(${soon(given, written(given), [
            isDay(column),
            `(NOT contains(${column}, ':') OR coalesce(TRY_CAST(${column} AS TIMESTAMP) = TRY_CAST(${given} AS TIMESTAMP), false))`,
          ])} AND coalesce(${onCalendar(given, to)}, false))`,
        surelyKept: (given) => `${written(given)} AND ${onCalendar(given, to)}`,
      };
    case 'TIMESTAMP':
      return {
        // The first tests are cheap and leave few for the last: a text like "2001-01-01 23:00:00" has no room for a zone.
        value: `CASE WHEN ${column} NOT LIKE '____-__-_____:__:__' AND (contains(${column}, '+') OR contains(substr(${column}, 9), '-')) AND regexp_matches(${column}, ':[0-9.]+ ?[+-][0-9]') THEN TRY_CAST(${column} AS TIMESTAMPTZ)::TIMESTAMP ELSE ${converted} END`,
        kept: (given) =>
          `(${soon(
            given,
            `${given} >= ${year1000} AND ${column} >= '0' AND ${column} < ':' AND length(${column}) < 27`,
            [beginsWithYear(column), keepsFraction(column)],
          )} AND coalesce(${onCalendar(given, to)}, false))`,
        // What follows a digit is hardly ever beyond "~", and one comparison takes half the time of two.
        surelyKept: (given) =>
          `${given} BETWEEN ${year1000} AND ${lastTimestamp} AND ${column} BETWEEN '0' AND '9~' AND strlen(${column}) < 27`,
      };
    case 'TIMESTAMP WITH TIME ZONE': {
      // Without a zone it would be one moment here and another one there.
      const kept = (given: string) =>
        `(${given} IS NOT NULL AND ${onCalendar(given, 'TIMESTAMPTZ')} AND regexp_matches(${column}, '^\\s*[0-9]{4}.*:[0-9.]+ ?([zZ]|UTC|[+-][0-9]{1,2}(:?[0-9]{2})?)\\s*$') AND ${keepsFraction(column)})`;
      return { value: converted, kept, surelyKept: kept };
    }
    case 'TIME':
      // For DuckDB a day has an instant 24:00:00, which other readers of the file take for 00:00:00.
      return where(`${like('[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,6}0*)?)?')} AND ${converted} < TIME '24:00:00'`);
    default:
      return where('true');
  }
}

/** A cheap test that nearly every value passes stands before the dear ones: only CASE leaves out what is not needed. */
function soon(given: string, cheap: string, otherwise: readonly string[]): string {
  return `CASE WHEN ${given} IS NULL THEN false WHEN ${cheap} THEN true ELSE ${otherwise.join(' AND ')} END`;
}

/**
 * False for years that have no four digits, and for infinity: ISO 8601 does not write them, contracts mean others, and tables
 * cannot be laid out by them.
 */
export function onCalendar(given: string, type: string): string {
  const last = type === 'DATE' ? '9999-12-31' : '9999-12-31 23:59:59.999999';
  const zone = type === 'TIMESTAMPTZ' ? '+00' : '';
  const first = type === 'DATE' ? '0001-01-01' : `0001-01-01 00:00:00${zone}`;
  return `${given} BETWEEN ${type} '${first}' AND ${type} '${last}${zone}'`;
}

/** False for digits that a TIMESTAMP has no room for. */
function keepsFraction(column: string): string {
  return `(length(${column}) < 27 OR NOT regexp_matches(${column}, '\\.[0-9]{6}[0-9]*[1-9]'))`;
}

/** Refuses "epoch" and "infinity", which DuckDB takes for times, and "1/2/24", which it takes for a day of the year 1. */
function beginsWithYear(column: string): string {
  return `regexp_matches(${column}, '^\\s*-?[0-9]{4}')`;
}

/** DuckDB passes over whatever follows a day: "2024-01-05 to 2024-01-09" is one for it. A time behind it is asked apart. */
function isDay(column: string): string {
  return `regexp_matches(${column}, '^\\s*[0-9]{4}[-/ \\\\][0-9]{1,2}[-/ \\\\][0-9]{1,2}(\\s*$|[T ].*:)')`;
}
