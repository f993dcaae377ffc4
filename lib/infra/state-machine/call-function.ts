import { type CalledFunction, functionReference, placeholder, references } from './references.ts';
import { retryFunction } from './retry.ts';
import type { Catcher, Json, TaskState } from './states-language.ts';

export interface CallOptions {
  readonly payload: Json;
  /** Above the function's own timeout, so that the function's error is the one that is seen. */
  readonly timeoutSeconds: number;
  readonly next: string;
  readonly catch: readonly Catcher[];
  /** Variables that the state sets; the function's answer is `$states.result.Payload`. */
  readonly assign?: { readonly [variable: string]: Json };
}

/** A Task that calls one of the pipeline's functions; its output is the function's answer. */
export function callFunction(name: CalledFunction, options: CallOptions): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:${references.partition}:states:::lambda:invoke`,
    Arguments: { FunctionName: placeholder(functionReference(name)), Payload: options.payload },
    TimeoutSeconds: options.timeoutSeconds,
    Retry: retryFunction,
    Catch: options.catch,
    ...(options.assign && { Assign: options.assign }),
    Output: '{% $states.result.Payload %}',
    Next: options.next,
  };
}
