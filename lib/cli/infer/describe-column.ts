import type { InferredColumn } from '../../engine/index.ts';
import { counted, thousands } from '../print.ts';

/** The profile of a column in one line, for whoever looks at the contract. */
export function describeColumn({
  type,
  instead,
  nested,
  unique,
  strange,
  format,
  times,
  profile,
}: InferredColumn): string {
  const { values, missing, distinct, least, most, frequent } = profile;
  const parts = [counted(values, 'value')];
  if (missing > 0) parts.push(`${thousands(missing)} missing (${percent(missing / (values + missing))})`);
  if (values > 0) parts.push(unique ? 'all different' : `${thousands(distinct)} different`);
  if (least !== undefined && most !== undefined && !instead && !nested)
    parts.push(type === 'VARCHAR' ? lengths(least, most) : least === most ? `all ${least}` : `${least} to ${most}`);
  if (frequent.length > 0) parts.push(`most often ${frequent.map(({ value }) => shown(value)).join(', ')}`);
  if (strange)
    parts.push(
      `${thousands(strange)} ${strange === 1 ? 'is' : 'are'} no ${format ?? wantedOf(type)}: such rows are rejected`,
    );
  if (instead) parts.push(`in the file ${instead}: taken as ${textOf(instead)}`);
  if (times) parts.push(`times like ${times.join(' or ')}, which cast reads by that format`);
  // A comment in TypeScript ends here.
  return parts
    .join(', ')
    .replaceAll('*/', '* /')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

function wantedOf(type: string): string {
  return /FLOAT|DOUBLE/.test(type) ? `finite ${type}` : type;
}

/** What stands for a value whose type no contract has. */
function textOf(type: string): string {
  if (type === 'BLOB') return 'text, in which \\x and two digits stand for each byte that is no plain character';
  return /^(BIT|ENUM|INTERVAL|TIME)/.test(type) ? 'text' : 'its JSON text, for parse or flatten';
}

function lengths(least: string, most: string): string {
  return least === most ? `${least} characters` : `${least} to ${most} characters`;
}

function shown(value: string): string {
  return JSON.stringify(value.length > 30 ? `${value.slice(0, 29)}…` : value);
}

function percent(share: number): string {
  return share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`;
}
