import type * as z from 'zod';
import type { SinkReference, SourceReference } from '../component/connector.ts';
import type { Contract } from '../component/contract.ts';
import type { Step } from '../component/operator.ts';
import { type Locate, userLocation } from '../component/user-location.ts';
import type { SourceOptions } from './incremental.ts';

/** Where a dataset comes from: a source under a contract, or another dataset through one step. */
export type Origin =
  | {
      readonly kind: 'from';
      readonly source: SourceReference;
      readonly contract: Contract;
      readonly options?: SourceOptions;
      /** Finds parts of the options. */
      readonly locate?: Locate;
    }
  | { readonly kind: 'step'; readonly input: Dataset; readonly step: Step }
  /** What stands in `pipe` and is no step. */
  | { readonly kind: 'stray'; readonly input: Dataset; readonly received: unknown; readonly at: string | undefined };

/** A node of the definition's graph. Immutable: `pipe` makes a new one. */
export class Dataset {
  readonly origin: Origin;

  constructor(origin: Origin) {
    this.origin = Object.freeze(origin);
    Object.freeze(this);
  }

  /** Applies operators in order. */
  pipe(...steps: readonly Step[]): Dataset {
    // The place of what is no step is known here only; the pipeline tells of it, with all else.
    const at = steps.every(isStep) ? undefined : userLocation();
    return steps.reduce<Dataset>((input, step) => {
      return new Dataset(isStep(step) ? { kind: 'step', input, step } : { kind: 'stray', input, received: step, at });
    }, this);
  }

  /** Binds a sink. The dataset may have any number of them. */
  to(sink: SinkReference): Output {
    return Object.freeze({ kind: 'output' as const, input: this, sink });
  }
}

/** A dataset bound to a sink. */
export interface Output {
  readonly kind: 'output';
  readonly input: Dataset;
  readonly sink: SinkReference;
}

/**
 * A dataset read from a source, each row checked against the contract; bad rows become rejects.
 * @param options.incremental how it goes on where earlier runs have ended; default: it reads what there is
 * @param options.fallback what is read once all attempts to read the source are spent: nothing, what the last run read that
 *   completed, or another source under the same contract; default: the run fails
 * @param options.damaged what becomes of a file that is cut short or broken as a whole: it fails its run, or none of it is
 *   taken and it is one reject; default: 'fail'
 * @example from(s3({ key: 'reference/airports.csv' }), z.object({ iata: z.string() }), { fallback: 'last-good' })
 */
export function from(source: SourceReference, contract: Contract | z.ZodObject, options?: SourceOptions): Dataset {
  // What is no contract at all is told of where its columns are looked at.
  const whole: Contract = contract && 'options' in contract ? contract : { record: contract, options: {} };
  return new Dataset({ kind: 'from', source, contract: whole, ...(options && { options }) });
}

function isStep(value: unknown): value is Step {
  return (value as Step | undefined)?.kind === 'step';
}
