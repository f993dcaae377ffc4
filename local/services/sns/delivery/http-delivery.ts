import { NotSupportedError } from '../../../aws-error.ts';
import type { Cloud, Operation, Principal } from '../../../service.ts';
import { postMessage } from './http-endpoint.ts';

/** The operation of `sns` as which the fault hook sees a message on its way to an endpoint. */
export const httpDelivery = 'HttpDelivery';

/** SNS, which calls its own operation. Nobody else can. */
export const itself: Principal = { kind: 'root', arn: 'sns.amazonaws.com' };

/** Posts a message to an endpoint on this machine. No operation of AWS: it is there so that faults can strike it. */
export function deliverByHttp({ clock }: Pick<Cloud, 'clock'>): Operation {
  return async ({ Endpoint, Body, Headers }, { principal }) => {
    if (principal !== itself) throw new NotSupportedError(`sns:${httpDelivery}`);
    const release = clock.hold?.();
    await postMessage(Endpoint, Body, Headers).finally(release);
  };
}
