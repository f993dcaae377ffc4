import { randomBytes } from 'node:crypto';
import type { LambdaCore } from '../core.ts';
import type { Outcome } from '../environment/outcome.ts';
import type { ResponseSink } from '../environment/runtime-api.ts';
import { findVersion, functionArn } from '../find-function.ts';
import type { FunctionReference } from '../function-reference.ts';
import { measureInvocation, measureThrottle } from './invocation-metrics.ts';

export interface InvocationRequest extends FunctionReference {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** Base64 of JSON. */
  readonly clientContext?: string;
  /** Takes the response of a function that streams, as it comes. Default: it is collected. */
  readonly sink?: ResponseSink;
  /** Goes before others that wait for an environment. Default: false. */
  readonly urgent?: boolean;
  /** Stops the clock of the caller's time limit until the result is called. */
  pause?(): () => void;
}

export interface InvocationResult extends Outcome {
  readonly executedVersion: string;
}

/**
 * Runs a function once, within its concurrency. A failing function is a result; throws where it cannot be run at all:
 * `ResourceNotFoundException`, `TooManyRequestsException`.
 */
export async function invokeVersion(core: LambdaCore, request: InvocationRequest): Promise<InvocationResult> {
  const version = findVersion(core, request);
  const leave = enter(core, request.name);
  const release = core.cloud.clock.hold?.();
  try {
    const outcome = await core.pool.run(version, {
      requestId: request.requestId,
      payload: request.payload,
      invokedFunctionArn: functionArn(core.cloud, request),
      traceId: traceId(core.cloud.clock.now()),
      ...(request.clientContext !== undefined && { clientContext: request.clientContext }),
      ...(request.sink && { sink: request.sink }),
      ...(request.urgent && { urgent: true }),
      waits: () => {
        const back = core.concurrency.waits(request.name);
        const goOn = request.pause?.();
        return () => {
          back();
          goOn?.();
        };
      },
    });
    measureInvocation(core.cloud, request.name, outcome);
    return { ...outcome, executedVersion: version.configuration.Version };
  } finally {
    leave();
    release?.();
  }
}

function enter(core: LambdaCore, name: string): () => void {
  try {
    return core.concurrency.enter(name);
  } catch (error) {
    measureThrottle(core.cloud, name);
    throw error;
  }
}

function traceId(now: number): string {
  const seconds = Math.floor(now / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
