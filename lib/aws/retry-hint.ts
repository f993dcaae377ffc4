import { second } from '../core/durations.ts';
import { retryAfterSeconds } from '../core/retry-after.ts';

/** What the SDK leaves at an error of the answer that it came with. */
interface Answered {
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** How long a service asks to be left alone, in seconds. Undefined: it does not say. */
export function retryHint({ $response }: Answered): number | undefined {
  const headers = $response?.headers ?? {};
  const milliseconds = Number(headers['x-amz-retry-after'] ?? Number.NaN);
  if (milliseconds > 0) return Math.ceil(milliseconds / second);
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  // A date is one of the service's clock, and so is the date of its answer.
  const sent = Date.parse(headers.date ?? '');
  const seconds = retryAfterSeconds(value, Number.isNaN(sent) ? Date.now() : sent);
  return seconds === 0 ? undefined : seconds;
}
