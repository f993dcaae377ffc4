const tokens = 500;
const retryCost = 14;
const throttledCost = 5;
const throttledMilliseconds = 1000;
const longestMilliseconds = 20_000;

/** Tries calls again as the SDK's standard strategy does: how often, after how long, and until when its clients have had enough. */
export class RetryBudget {
  readonly #maxAttempts: number;
  readonly #delayMilliseconds: number;
  #left = tokens;

  constructor(maxAttempts: number, delayMilliseconds: number) {
    this.#maxAttempts = maxAttempts;
    this.#delayMilliseconds = delayMilliseconds;
  }

  /** As that of a client that has just been made. */
  refill(): void {
    this.#left = tokens;
  }

  async spend<Result>(
    { sleep }: { readonly sleep: (milliseconds: number) => Promise<void> },
    call: () => Promise<Result>,
  ): Promise<Result> {
    let cost = 1;
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await call();
        this.#left = Math.min(tokens, this.#left + cost);
        return result;
      } catch (error) {
        const throttled = isThrottled(error as Failure);
        cost = throttled ? throttledCost : retryCost;
        const mayHelp = throttled || isTransient(error as Failure);
        if (!mayHelp || attempt >= this.#maxAttempts || this.#left < cost) throw error;
        this.#left -= cost;
        const base = throttled ? throttledMilliseconds : this.#delayMilliseconds;
        await sleep(Math.floor(Math.random() * Math.min(base * 2 ** (attempt - 1), longestMilliseconds)));
      }
    }
  }
}

interface Failure {
  readonly name: string;
  readonly $retryable?: { readonly throttling?: boolean };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const throttles =
  /^(SlowDown|Throttl(ed|ing)(Exception)?|RequestThrottled(Exception)?|ProvisionedThroughputExceededException|RequestLimitExceeded|LimitExceededException|TooManyRequestsException|TransactionInProgressException|PriorRequestNotComplete|BandwidthLimitExceeded)$/;
const silences = /^(TimeoutError|RequestTimeout(Exception)?)$/;
const passing: readonly unknown[] = [500, 502, 503, 504];

const isThrottled = ({ name, $retryable, $metadata }: Failure) =>
  throttles.test(name) || $retryable?.throttling === true || $metadata?.httpStatusCode === 429;

const isTransient = ({ name, $retryable, $metadata }: Failure) =>
  $retryable !== undefined || silences.test(name) || passing.includes($metadata?.httpStatusCode);
