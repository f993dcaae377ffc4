import type { Format } from '../../component/connector.ts';
import { CsvScanner } from './csv-scanner.ts';

/** Why these bytes, without the mark of a file, are no record of CSV with so many columns, e.g. `has 3 fields, not 4`; undefined where they are one. */
export function recordProblem(
  bytes: Buffer,
  format: Extract<Format, { kind: 'csv' }>,
  columns: number,
): string | undefined {
  const scanner = new CsvScanner({ ...format, header: false }, columns, true);
  const [record, more] = [...scanner.push(bytes)].concat([...scanner.end()]);
  if (more) return 'is more than one record';
  return record ? record.problem : 'is empty';
}
