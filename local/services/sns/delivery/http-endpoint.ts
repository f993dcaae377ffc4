import { NotSupportedError } from '../../../aws-error.ts';
import { invalidParameter } from '../errors.ts';

const longestAnswerMilliseconds = 15_000;

/** Only endpoints on this machine are called. */
export function checkHttpEndpoint(protocol: string, endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== `${protocol}:`) throw invalidParameter('Endpoint must match the specified protocol');
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) {
    throw new NotSupportedError(`SNS subscriptions of endpoints off this machine: ${endpoint}`);
  }
}

/** Posts a message as SNS does. Rejects unless the endpoint takes it. */
export async function postMessage(endpoint: string, body: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      ...headers,
    },
    redirect: 'manual',
    signal: AbortSignal.timeout(longestAnswerMilliseconds),
  });
  await response.body?.cancel();
  if (!response.ok) throw new HttpRefusal(response.status);
}

/** The endpoint answered, but not that it took the message. */
export class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the endpoint answered ${status}`);
    this.status = status;
  }
}
