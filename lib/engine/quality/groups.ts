import type { GroupsMeasure } from '../../component/measure.ts';
import { quoted } from '../../component/shape.ts';
import { sameName } from '../column-names.ts';

/**
 * A query of all groups of both sides: the columns of `by`, then `__own`, `__other`, and whether they agree, `__agree`.
 * No column of theirs begins so: one called `value` or `own` would else stand for what is compared.
 */
export function groupsSql({ by, own, other, within }: GroupsMeasure, from: string, others: string): string {
  const keys = by.map(quoted);
  const side = (rows: string, aggregate: string) =>
    `(SELECT ${[...keys, `(${aggregate}\n) AS __value`, 'true AS __here'].join(', ')} FROM ${rows}${keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : ''} HAVING true)`;
  const on = keys.map((key) => `own.${key} IS NOT DISTINCT FROM other.${key}`).join(' AND ');
  const [a, b] = ['own.__value', 'other.__value'];
  // Numbers without a sign have no difference below 0, and two that are infinite have none.
  const apart = `CASE WHEN ${a} > ${b} THEN ${a} - ${b} ELSE ${b} - ${a} END`;
  const near = `${a} = ${b}${within > 0 ? ` OR ${apart} <= ${within} * greatest(abs(${a}), abs(${b}))` : ''}`;
  const agree = `own.__here AND other.__here AND (own.__value IS NULL AND other.__value IS NULL OR (${near}))`;
  const list = [...keys.map((key) => `coalesce(own.${key}, other.${key}) AS ${key}`)];
  return (
    `SELECT ${[...list, 'own.__value AS __own', 'other.__value AS __other', `coalesce(${agree}, false) AS __agree`].join(', ')} ` +
    `FROM ${side(from, own)} own FULL JOIN ${side(others, other)} other ON ${on || 'true'}`
  );
}

/** What people are shown the values of both sides under: names that no column of the groups has. */
export function valueNames(by: readonly string[]): readonly [own: string, other: string] {
  const free = (name: string): string => (by.some((one) => sameName(one, name)) ? free(`${name}_value`) : name);
  return [free('own'), free('other')];
}
