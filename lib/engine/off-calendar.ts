import { elementType } from '../component/column-types.ts';
import { onCalendar } from '../component/conversion.ts';
import { quoted } from '../component/shape.ts';
import { structFields } from '../component/struct-type.ts';

/**
 * SQL that is true for a day or a time of no year from 1 to 9999, infinity among them, and for lists and structures that
 * hold one: readers of tables fail on such, or take infinity for a day in the year 5881580. Undefined for other types.
 */
export function offCalendar(value: string, type: string, depth = 0): string | undefined {
  if (/^(DATE|TIMESTAMP|TIMESTAMP WITH TIME ZONE)$/.test(type))
    return `NOT ${onCalendar(value, type.replace(' WITH TIME ZONE', 'TZ'))}`;
  const element = elementType(type);
  if (element !== undefined) {
    const one = `one_${depth}`;
    const beyond = offCalendar(one, element, depth + 1);
    return beyond && `len(list_filter(${value}, lambda ${one}: coalesce(${beyond}, false))) > 0`;
  }
  const members = (structFields(type) ?? []).flatMap(
    ({ name, type: of }) => offCalendar(`(${value}).${quoted(name)}`, of, depth) ?? [],
  );
  return members.length > 0 ? `(${members.map((one) => `coalesce(${one}, false)`).join(' OR ')})` : undefined;
}
