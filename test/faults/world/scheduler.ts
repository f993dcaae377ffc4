import type { FaultHook, InterceptedCall } from '../../../local/cloud.ts';

/** The request id of calls that only look: they are neither held nor counted. */
export const observer = 'observer';

/** A call that waits for its turn. */
export interface HeldCall {
  readonly call: InterceptedCall;
  /** Makes it; whoever made it gets what this gives. */
  release(make: (run: () => Promise<any>) => Promise<any>): void;
}

/** Holds every call until it is given its turn, so that an order of calls can be chosen, and chosen again. */
export class Scheduler {
  /** Oldest first. */
  readonly held: HeldCall[] = [];
  /** Whether calls wait. Default: they go on at once. */
  holds = false;
  /** Of calls that would wait, those that go on at once all the same. Default: none. */
  passes: (call: InterceptedCall) => boolean = () => false;
  /** Calls that were given their turn and have not come back. */
  underWay = 0;

  readonly intercept: FaultHook = (call, run) => {
    const { signal } = call.context;
    // A caller that has gone before its call waits for no turn either: a poll that is over gets what there is.
    if (!this.holds || isAside(call) || this.passes(call) || signal.aborted) return run();
    return new Promise((resolve, reject) => {
      const release: HeldCall['release'] = (make) => {
        signal.removeEventListener('abort', gone);
        this.underWay++;
        void make(run)
          .finally(() => {
            this.underWay--;
          })
          .then(resolve, reject);
      };
      const held: HeldCall = { call, release };
      // A long poll whose caller has gone must not wait for a turn.
      const gone = () => {
        const index = this.held.indexOf(held);
        if (index < 0) return;
        this.held.splice(index, 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', gone, { once: true });
      this.held.push(held);
    });
  };

  take(index: number): HeldCall {
    return this.held.splice(index, 1)[0]!;
  }
}

/** Looks, what services ask each other without a network between them, and events that no rule is about. */
function isAside({ kind, input, context, principal }: InterceptedCall): boolean {
  if (context.requestId === observer) return true;
  if (kind === 'event' && input.source === 'aws.s3') return !input.detail.object.key.startsWith('landing/');
  if (principal.kind === 'root') return context.disconnect === undefined;
  return principal.arn === 'cloudwatch.amazonaws.com';
}
