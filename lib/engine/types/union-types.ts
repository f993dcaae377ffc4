import type { Column } from '../../component/plan.ts';
import type { UnionShape } from '../../component/shape.ts';
import { TerminalError } from '../../core/errors/terminal-error.ts';
import { nearest } from '../../core/nearest.ts';
import { checkNames, sameName } from '../column-names.ts';
import type { Origin, StepTypes } from '../typing.ts';
import { TypingError } from '../typing-error.ts';
import { widened } from './widened.ts';

/** The inputs of a union do not fit together. */
export class UnionInvalidError extends TerminalError {
  override readonly name = 'UnionInvalidError';
  readonly code = 'UNION_INVALID';
}

/** Columns of a union: those of the first input, then what the further ones bring along. */
export function unionTypes(shape: UnionShape, inputs: readonly (readonly Column[])[]): StepTypes {
  const names: string[] = [];
  for (const column of inputs.flat()) if (!names.some((name) => sameName(name, column.name))) names.push(column.name);
  checkNames([...names, ...(shape.origin ? [shape.origin.column] : [])]);
  const lineage: Record<string, readonly Origin[]> = {};
  const columns = names.map((name): Column => {
    const found = inputs.map((input) => input.find((column) => sameName(column.name, name)));
    const missing = found.indexOf(undefined);
    if (missing >= 0 && shape.missing === 'error') throw missingColumn(name, inputs[missing]!, missing);
    const present = found.filter((column) => column !== undefined);
    lineage[name] = found.flatMap((column, input) => (column ? [{ input, column: column.name }] : []));
    return {
      name,
      type: present.map(({ type }) => type).reduce((a, b) => widened(a, b) ?? refuse(name, a, b)),
      nullable: missing >= 0 || present.some((column) => column.nullable),
    };
  });
  if (shape.origin) {
    lineage[shape.origin.column] = [];
    columns.push({ name: shape.origin.column, type: 'VARCHAR', nullable: false });
  }
  const keeps = columns.filter(({ name, type }) =>
    inputs.every((input) => input.some((column) => column.name === name && column.type === type)),
  );
  return { columns, lineage, keeps: keeps.map(({ name }) => name) };
}

function missingColumn(name: string, columns: readonly Column[], input: number): TypingError {
  const names = columns.map((column) => column.name);
  const guess = nearest(name, names);
  const which = input === 0 ? 'the first dataset' : `dataset ${input} of \`with\``;
  return fault({
    problem: `${which} has no column "${name}", which another one has`,
    received: names,
    allowed: 'the same columns in all datasets, or missing: "null"',
    change: guess ? `it has "${guess}": rename one of them` : `add it with derive, or set missing to "null"`,
  });
}

function refuse(name: string, a: string, b: string): never {
  throw fault({
    problem: `"${name}" is ${a} in one dataset and ${b} in another, and neither type holds all values of both`,
    received: `${a} and ${b}`,
    allowed: 'equal types, or types that one of them or a wider one holds without loss',
    change: `cast "${name}" in one of them before the union`,
  });
}

function fault(parts: ConstructorParameters<typeof UnionInvalidError>[0]): TypingError {
  return new TypingError(new UnionInvalidError(parts), []);
}
