import { AwsError } from '../../aws-error.ts';
import type { CallContext, Cloud } from '../../service.ts';
import { KeyUse } from '../kms/key-use.ts';
import type { Queue } from './queue.ts';

/** What KMS says → the error of SQS that says the same. */
const codes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KmsAccessDenied',
  DisabledException: 'KmsDisabled',
  KMSInvalidStateException: 'KmsInvalidState',
  NotFoundException: 'KmsNotFound',
  ThrottlingException: 'KmsThrottled',
};

/** KMS keys of queues: who sends needs GenerateDataKey and Decrypt, who receives Decrypt. SQS asks anew at every call. */
export class QueueKeys {
  readonly #keys: KeyUse;

  constructor(cloud: Cloud) {
    this.#keys = new KeyUse(cloud, 'sqs');
  }

  async checkSender(queue: Queue, caller: CallContext): Promise<void> {
    await this.#using(queue, async (key, context) => {
      await this.#keys.generate(key, context, caller);
      await this.#keys.decrypt(key, context, caller);
    });
  }

  async checkReceiver(queue: Queue, caller: CallContext): Promise<void> {
    await this.#using(queue, (key, context) => this.#keys.decrypt(key, context, caller));
  }

  async #using(queue: Queue, work: (key: string, context: Record<string, string>) => Promise<void>): Promise<void> {
    const key = queue.record.attributes.KmsMasterKeyId;
    if (!key) return;
    try {
      await work(key, { 'aws:sqs:arn': queue.arn });
    } catch (error) {
      const code = error instanceof AwsError ? codes[error.code] : undefined;
      throw code === undefined ? error : new AwsError(code, (error as AwsError).message);
    }
  }
}
