import { randomBytes } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { Cloud } from '../../service.ts';

/** What the function behind a custom resource says of one request. */
export interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

/** The addresses that are open for one answer each. */
export class CustomResourceAnswers {
  readonly #cloud: Pick<Cloud, 'clock' | 'region'>;
  readonly #open = new Map<string, PromiseWithResolvers<CustomResourceAnswer>>();

  constructor(cloud: Pick<Cloud, 'clock' | 'region'>) {
    this.#cloud = cloud;
  }

  /** The address looks as on AWS, where handlers take it apart; the Lambda runtime brings what is sent there to here. */
  open(): { readonly ResponseURL: string } {
    const token = randomBytes(16).toString('hex');
    this.#open.set(token, Promise.withResolvers());
    const host = `cloudformation-custom-resource-response-${this.#cloud.region.replaceAll('-', '')}.s3.amazonaws.com`;
    return { ResponseURL: `https://${host}/${token}` };
  }

  async wait(responseUrl: string, timeoutSeconds: number): Promise<CustomResourceAnswer> {
    const token = new URL(responseUrl).pathname.slice(1);
    const timer = this.#cloud.clock.after(timeoutSeconds * 1000, () =>
      this.#open
        .get(token)
        ?.reject(
          new AwsError(
            'RequestTimeout',
            `the custom resource did not answer within ${timeoutSeconds} seconds (its ServiceTimeout): its function is to send an answer to the ResponseURL of the event, whatever happens`,
          ),
        ),
    );
    try {
      return await this.#open.get(token)!.promise;
    } finally {
      timer.cancel();
      this.#open.delete(token);
    }
  }

  /** The first answer counts. */
  take(token: string, answer: CustomResourceAnswer): void {
    const open = this.#open.get(token);
    if (!open) throw new AwsError('AccessDenied', 'this address waits for no answer', 403);
    open.resolve(answer);
  }

  close(): void {
    for (const { promise, reject } of this.#open.values()) {
      promise.catch(() => {});
      reject(new AwsError('ServiceUnavailable', 'local AWS has been stopped', 503));
    }
  }
}
