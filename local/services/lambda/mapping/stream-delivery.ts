import { randomUUID } from 'node:crypto';
import { NotSupportedError } from '../../../aws-error.ts';
import type { Operation, Principal } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { functionReference } from '../function-reference.ts';
import { invokeVersion } from '../invocation/invoke-version.ts';

/** The operation of `lambda` as which the fault hook sees a batch of a stream on its way to a function. */
export const streamDelivery = 'StreamDelivery';

/** Lambda, which calls its own operation. Nobody else can. */
export const itself: Principal = { kind: 'root', arn: 'lambda.amazonaws.com' };

/** Hands a batch of a stream to its function. No operation of AWS: it is there so that faults can strike it. */
export function deliverFromStream(core: LambdaCore): Operation {
  return async ({ FunctionName, Payload }, { principal }) => {
    if (principal !== itself) throw new NotSupportedError(`lambda:${streamDelivery}`);
    return invokeVersion(core, {
      ...functionReference(FunctionName),
      requestId: randomUUID(),
      payload: Payload,
      urgent: true,
    });
  };
}
