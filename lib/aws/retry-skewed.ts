import { minute } from '../core/durations.ts';

/** The SDK takes clocks to be off from here on, and services refuse soon after. */
const mostMilliseconds = 4 * minute;

/** How services say that a signature is not of their time; S3 says no more than 403 where an answer has no body. */
const refusals = [
  'InvalidSignatureException',
  'RequestTimeTooSkewed',
  'RequestExpired',
  'RequestInTheFuture',
  'SignatureDoesNotMatch',
  'AuthFailure',
];

interface Refused {
  readonly name?: string;
  readonly $metadata?: { clockSkewCorrected?: boolean; readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

type Middleware = (next: (args: any) => Promise<any>) => (args: any) => Promise<any>;

/** The part of an SDK client that this takes. */
export interface SigningClient {
  readonly middlewareStack: {
    add(middleware: Middleware, options: object): void;
    addRelativeTo(middleware: Middleware, options: object): void;
  };
}

/**
 * Lets a client try again what was refused because it was signed with the wrong time, and nothing else for that reason.
 * The SDK tries again where a clock goes wrong; where one that was off has been set right, it learns the time from the
 * refusal and gives up all the same. And for as long as a clock is off, it takes every error for one of the clock: that a
 * table is not there would be asked six times, until a refusal that could be mended finds no try left.
 */
export function retrySkewed<Client extends SigningClient>(client: Client): Client {
  const ofTheClock = new WeakSet<object>();
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (isOfTheClock(error as Refused, args.request?.headers?.['x-amz-date'])) ofTheClock.add(error as object);
        throw error;
      }
    },
    // Outside of what makes an error of the answer, inside of what signs.
    { step: 'deserialize', priority: 'high', name: 'penstockSkew' },
  );
  client.middlewareStack.addRelativeTo(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const { $metadata } = error as Refused;
        if ($metadata) $metadata.clockSkewCorrected = ofTheClock.has(error as object);
        throw error;
      }
    },
    // Outside of what signs, which has said what it thinks of the error, inside of what tries again.
    { relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'penstockSkewOnly' },
  );
  return client;
}

function isOfTheClock({ name = '', $metadata, $response }: Refused, signed: string | undefined): boolean {
  if (!refusals.includes(name) && $metadata?.httpStatusCode !== 403) return false;
  return Math.abs(Date.parse($response?.headers?.date ?? '') - timeOf(signed)) >= mostMilliseconds;
}

/** Of `20261121T220000Z`, in milliseconds since the epoch. */
function timeOf(signed = ''): number {
  return Date.parse(signed.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
