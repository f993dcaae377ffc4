import { TerminalError } from '../core/errors/terminal-error.ts';

/** A table of the lake has no type for a column. */
export class TableTypeUnknownError extends TerminalError {
  override readonly name = 'TableTypeUnknownError';
  readonly code = 'TABLE_TYPE_UNKNOWN';
}

const types: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  INTEGER: 'int',
  BIGINT: 'long',
  FLOAT: 'float',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  VARCHAR: 'string',
  UUID: 'uuid',
  BLOB: 'binary',
};

/** The Iceberg type of a column that is stored as `type` of DuckDB. Throws `TableTypeUnknownError`. */
export function tableType(type: string): string {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  const found = decimal ? `decimal(${decimal[1]}, ${decimal[2]})` : types[type];
  if (found !== undefined) return found;
  throw new TableTypeUnknownError({
    problem: 'a table cannot hold a column of this type',
    received: type,
    allowed: [...Object.keys(types), 'DECIMAL(p,s)'],
    change: 'cast the column to one of them',
  });
}
