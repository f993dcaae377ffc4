import { TerminalError } from '../core/errors/terminal-error.ts';
import { nearest } from '../core/nearest.ts';
import type { Column } from './plan.ts';
import type { Path } from './shape.ts';

/** A step names a column that does not reach it. */
export class ColumnUnknownError extends TerminalError {
  override readonly name = 'ColumnUnknownError';
  readonly code = 'COLUMN_UNKNOWN';
  /** Where the name stands, inside the options. */
  readonly path: Path;

  constructor(name: string, columns: readonly Pick<Column, 'name'>[], path: Path = []) {
    const names = columns.map((column) => column.name);
    const guess = nearest(name, names);
    super({
      problem: `there is no column "${name}" here`,
      received: name,
      allowed: names,
      change: guess ? `did you mean "${guess}"?` : 'name one of the columns that reach this step, or derive it first',
    });
    this.path = path;
  }
}

/** A table has no type for a column. */
export class ColumnUnstorableError extends TerminalError {
  override readonly name = 'ColumnUnstorableError';
  readonly code = 'COLUMN_UNSTORABLE';
}

/** The values of a column cannot be told from something else in the files of a sink. */
export class ColumnUnprintableError extends TerminalError {
  override readonly name = 'ColumnUnprintableError';
  readonly code = 'COLUMN_UNPRINTABLE';
}

/** A column has a type that a component can do nothing with. */
export class ColumnTypeUnfitError extends TerminalError {
  override readonly name = 'ColumnTypeUnfitError';
  readonly code = 'COLUMN_TYPE_UNFIT';
  readonly column: string;

  /** Where the name stands, inside the options. */
  readonly path: Path;

  constructor(name: string, type: string, allowed: string, path: Path = []) {
    super({
      problem: `"${name}" is of type ${type}`,
      received: type,
      allowed,
      change: `cast "${name}" first, or name another column`,
    });
    this.column = name;
    this.path = path;
  }
}

/** A table is to have another name for what is inside of a column. */
export class MemberRenamedError extends TerminalError {
  override readonly name = 'MemberRenamedError';
  readonly code = 'MEMBER_RENAMED';

  /** Where the name stands, inside the options. */
  readonly path: Path;

  constructor(name: string, column: string, path: Path) {
    super({
      problem: `"${name}" is a member of the column "${column}", and only columns are renamed`,
      received: name,
      allowed: 'a column as a whole',
      change: `make a column of each member that changes (flatten), or call the column itself otherwise, so that "${column}" stays with the rows of before`,
    });
    this.path = path;
  }
}

/** Finds a column by name. */
export function columnOf(name: string, columns: readonly Column[], path: Path = []): Column {
  const found = columns.find((column) => column.name === name);
  if (!found) throw new ColumnUnknownError(name, columns, path);
  return found;
}
