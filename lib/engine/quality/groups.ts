import type { GroupsMeasure } from '../../component/measure.ts';
import { quoted } from '../../component/shape.ts';

/** A query of all groups of both sides: the columns of `by`, then `own`, `other`, and whether they `agree`. */
export function groupsSql({ by, own, other, within }: GroupsMeasure, from: string, others: string): string {
  const keys = by.map(quoted);
  const side = (rows: string, aggregate: string) =>
    `(SELECT ${[...keys, `(${aggregate}\n) AS value`, 'true AS here'].join(', ')} FROM ${rows}${keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : ''})`;
  const on = keys.map((key) => `own.${key} IS NOT DISTINCT FROM other.${key}`).join(' AND ');
  const near =
    within > 0
      ? `abs(own.value - other.value) <= ${within} * greatest(abs(own.value), abs(other.value))`
      : 'own.value = other.value';
  const agree = `own.here AND other.here AND (own.value IS NULL AND other.value IS NULL OR ${near})`;
  const list = [...keys.map((key) => `coalesce(own.${key}, other.${key}) AS ${key}`)];
  return (
    `SELECT ${[...list, 'own.value AS own', 'other.value AS other', `coalesce(${agree}, false) AS agree`].join(', ')} ` +
    `FROM ${side(from, own)} own FULL JOIN ${side(others, other)} other ON ${on || 'true'}`
  );
}
