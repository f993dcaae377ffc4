import { elementType } from '../component/column-types.ts';
import { onCalendar } from '../component/conversion.ts';
import { quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';

/**
 * SQL that is true for a day or a time of no year from 1 to 9999, infinity among them, and for lists and structures that
 * hold one: readers of tables fail on such, or take infinity for a day in the year 5881580. Undefined for other types.
 */
export function offCalendar(value: string, type: string): string | undefined {
  return somewhere(value, type, (one, of) =>
    /^(DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE)$/.test(of)
      ? `NOT ${onCalendar(one, of.replace(' WITH TIME ZONE', 'TZ'))}`
      : undefined,
  );
}

/** SQL that is true for a number that is infinite or none, and for lists and structures that hold one. */
export function notFinite(value: string, type: string): string | undefined {
  return somewhere(value, type, (one, of) => (/^(FLOAT|DOUBLE)$/.test(of) ? `NOT isfinite(${one})` : undefined));
}

/** SQL that is true where a value, or one within it, is what `is` says of its type; undefined where it says nothing. */
function somewhere(
  value: string,
  type: string,
  is: (value: string, type: string) => string | undefined,
  depth = 0,
): string | undefined {
  const whole = is(value, type);
  if (whole !== undefined) return whole;
  const element = elementType(type);
  if (element !== undefined) {
    const one = `one_${depth}`;
    const beyond = somewhere(one, element, is, depth + 1);
    return beyond && `len(list_filter(${value}, lambda ${one}: coalesce(${beyond}, false))) > 0`;
  }
  const members = (structFields(type) ?? []).flatMap(
    ({ name, type: of }) => somewhere(`(${value}).${quoted(name)}`, of, is, depth) ?? [],
  );
  return members.length > 0 ? `(${members.map((one) => `coalesce(${one}, false)`).join(' OR ')})` : undefined;
}
