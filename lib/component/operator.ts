import type * as z from 'zod';
import { PenstockError } from '../core/errors/penstock-error.ts';
import type { Column } from './plan.ts';
import type { Shape } from './shape.ts';
import { type Locate, userLocation } from './user-location.ts';

/** What the columns are where an operator is put. */
export interface Surroundings {
  readonly input: readonly Column[];
  /** Columns of the second input, for an operator that takes one. */
  readonly side?: readonly Column[];
  /** Every input whose rows flow through the step, for an operator that takes any number of them. */
  readonly inputs?: readonly { readonly node: string; readonly columns: readonly Column[] }[];
}

/** One transformation: a file of `lib/operators`. Everything else about it follows from this declaration. */
export interface Operator<Options = any> {
  readonly kind: 'operator';
  /** File name, and name in plans and YAML. */
  readonly component: string;
  /** Strict: unknown keys are errors. Its descriptions become the reference page. */
  readonly schema: z.ZodType<Options>;
  /** What it does to rows. Throws `ColumnUnknownError` where the options name a column that is not there. */
  shape(options: Options, surroundings: Surroundings): Shape;
  /** Rows that share these columns must meet in one chunk. Absent, or undefined: row by row. */
  meetBy?(options: Options): readonly string[] | undefined;
  /** Takes a second dataset, as `with`. */
  readonly takesSide?: true;
  /**
   * Whether the rows of the second dataset flow through the step, in chunks, like those of its input. Absent or false:
   * the dataset is small, read whole and handed to every chunk.
   */
  sideFlows?(options: Options): boolean;
  /** Takes one further dataset or more, as `with`, whose rows flow through the step like those of its input. */
  readonly takesOthers?: true;
  /** Runs the user's own function: name of the option that holds the fields of what it returns. */
  readonly returnsOption?: string;
}

/** An operator with its options, where the user put it. */
export interface Step {
  readonly kind: 'step';
  readonly operator: Operator;
  readonly options: Readonly<Record<string, unknown>>;
  /** Dataset of the second input. */
  readonly side?: unknown;
  /** Datasets of the further inputs. */
  readonly others?: readonly unknown[];
  /** The user's own function (map). Kept beside the options, which are JSON. */
  readonly call?: (row: any) => unknown;
  /** Where `call` comes from, unless it stands in the pipeline's own module. */
  readonly callSource?: CallSource;
  /** What the authoring function could not take. The pipeline tells of it, with all else that is wrong. */
  readonly refused?: PenstockError | AggregateError;
  /** `file:line:column` of the call that made it. */
  readonly at?: string;
  /** Finds parts of the options. */
  readonly locate?: Locate;
}

/** An exported function of a module of the user's. */
export interface CallSource {
  /** Absolute path. */
  readonly module: string;
  readonly export: string;
}

/** What an authoring function hands over: options as JSON, and what is not JSON. */
export interface StepParts {
  readonly options: object;
  readonly side?: unknown;
  readonly others?: readonly unknown[];
  readonly call?: (row: any) => unknown;
}

/** An operator that is called as a function in a pipeline file. */
export type OperatorFunction<Arguments extends unknown[], Options> = Operator<Options> & ((...args: Arguments) => Step);

export interface OperatorDeclaration<Arguments extends unknown[], Options> extends Omit<Operator<Options>, 'kind'> {
  /** Turns the arguments of the authoring function into options. They are validated when the pipeline is made. */
  author(...args: Arguments): StepParts;
}

/** Declares an operator. */
export function defineOperator<Arguments extends unknown[], Options>(
  declaration: OperatorDeclaration<Arguments, Options>,
): OperatorFunction<Arguments, Options> {
  const { author, ...operator } = declaration;
  const make = (...args: Arguments): Step => {
    const { options, ...rest } = parts(author, args);
    return Object.freeze({
      kind: 'step' as const,
      operator: make as unknown as Operator,
      options: options as Record<string, unknown>,
      ...rest,
      at: userLocation(),
    });
  };
  return Object.assign(make, { kind: 'operator' as const, ...operator });
}

/** A throw would end the import of the pipeline's file at its first mistake. */
function parts<Arguments extends unknown[]>(
  author: (...args: Arguments) => StepParts,
  args: Arguments,
): StepParts & Pick<Step, 'refused'> {
  try {
    return author(...args);
  } catch (error) {
    if (!(error instanceof PenstockError || error instanceof AggregateError)) throw error;
    return { options: {}, refused: error };
  }
}
