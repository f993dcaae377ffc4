import type { TableDescription } from './tables.ts';

/**
 * A table's description as the SDK shows it, with Dates. ItemCount and TableSizeBytes, which AWS refreshes about every
 * six hours, stay as they were at creation.
 */
export function shownTable(description: TableDescription): TableDescription {
  return withDates(structuredClone(description));
}

function withDates(value: any): any {
  for (const [name, member] of Object.entries(value)) {
    if (name.endsWith('DateTime') && typeof member === 'number') value[name] = new Date(member * 1000);
    else if (member !== null && typeof member === 'object') withDates(member);
  }
  return value;
}
