import { ColumnTypeUnfitError, ColumnUnknownError } from '../component/errors.ts';
import type { Column, PlanNode } from '../component/plan.ts';
import type { Shape } from '../component/shape.ts';
import { nearest } from '../core/nearest.ts';
import type { DefinitionStep } from '../definition/index.ts';
import { sameName } from '../engine/column-names.ts';
import { isAboutUnknown, unknownType } from '../engine/types/unknown-type.ts';

export interface StepShape {
  readonly shape: Shape;
  /** Columns of each input, with those that the options name and nobody has. */
  readonly inputs: readonly (readonly Column[])[];
  /** One for each of these. */
  readonly errors: readonly ColumnUnknownError[];
  /** Columns of the first input that are of unknown type, and have one here that the step can do something with. */
  readonly supposed: readonly string[];
}

/** One of each kind that some operator asks for; what a structure is made of nobody could suppose. */
const supposedTypes = ['VARCHAR', 'VARCHAR[]', 'BIGINT', 'TIMESTAMP'];

/**
 * What a step does to the columns of its inputs. A step of one input is taken to have the columns that its options name,
 * of unknown type, so that what else is wrong with it, and with the steps behind it, is found as well. Of a column of
 * unknown type a step that takes certain types only is taken to have one of these.
 * Throws what is wrong with the options besides; `AggregateError` where that are several things.
 */
export function stepShape(step: DefinitionStep, nodes: ReadonlyMap<string, PlanNode>): StepShape {
  const { input, side, others = [] } = step;
  const ids = [input, ...(side === undefined ? [] : [side]), ...others];
  const known = nodes.get(input)!.columns;
  const unknown: Column[] = [];
  const supposed = new Map<string, number>();
  const errors: ColumnUnknownError[] = [];
  let unfit: ColumnTypeUnfitError | undefined;
  for (;;) {
    const inputs = ids.map((id) => [...nodes.get(id)!.columns, ...unknown]);
    inputs[0] = inputs[0]!.map((column) => {
      const at = supposed.get(column.name);
      return at === undefined ? column : { ...column, type: supposedTypes[at]! };
    });
    const named = [input, ...others].map((node) => ({ node, columns: inputs[ids.indexOf(node)]! }));
    try {
      const shape = step.operator.shape(step.options, { input: inputs[0]!, side: inputs[1], inputs: named });
      return { shape, inputs, errors, supposed: [...supposed.keys()] };
    } catch (error) {
      if (error instanceof ColumnTypeUnfitError && (isAboutUnknown(error) || supposed.has(error.column))) {
        unfit ??= error;
        const next = (supposed.get(error.column) ?? -1) + 1;
        const stops = !inputs[0]!.some((one) => one.name === error.column) || next >= supposedTypes.length;
        if (stops) throw errors.length > 0 ? severalErrors(errors, unfit) : unfit;
        supposed.set(error.column, next);
        continue;
      }
      const name = error instanceof ColumnUnknownError ? String(error.received) : undefined;
      // DuckDB would take one that is there in other letters for the same.
      const twice = name !== undefined && inputs[0]!.some((one) => sameName(one.name, name));
      if (name === undefined || ids.length > 1 || twice) throw errors.length > 0 ? severalErrors(errors, error) : error;
      unknown.push({ name, type: unknownType, nullable: true });
      errors.push(new ColumnUnknownError(name, known, (error as ColumnUnknownError).path));
    }
  }
}

/** Unknown columns, and what else is wrong, unless that is so because of them. */
export function severalErrors(errors: readonly ColumnUnknownError[], more: unknown): AggregateError {
  return new AggregateError(isAboutUnknown(more) ? errors : [...errors, more]);
}

/**
 * The columns behind a step whose options name columns that nobody has. Where it hands on only those that it names, the
 * nearest one is taken for the one that was meant, so that it is not missed further on; throws where there is none.
 */
export function withoutUnknown(
  columns: readonly Column[],
  input: readonly Column[],
  errors: readonly ColumnUnknownError[],
): readonly Column[] {
  const handsOnAll = input.every(({ name }) => columns.some((one) => one.name === name));
  let left = columns;
  for (const { received } of errors) {
    const at = left.findIndex(({ name }) => name === received);
    if (at < 0) continue;
    const guess = nearest(
      String(received),
      input.map(({ name }) => name),
    );
    if (!handsOnAll && guess === undefined) throw new AggregateError(errors);
    const meant = input.filter(({ name }) => name === guess && !left.some((one) => one.name === name));
    left = left.toSpliced(at, 1, ...meant);
  }
  return left;
}
