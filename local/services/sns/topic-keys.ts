import { AwsError } from '../../aws-error.ts';
import type { CallContext, Cloud } from '../../service.ts';
import { KeyUse } from '../kms/key-use.ts';
import type { Topic } from './state.ts';

/** What KMS says → the error of SNS that says the same. */
const codes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'KMSAccessDenied',
  DisabledException: 'KMSDisabled',
  KMSInvalidStateException: 'KMSInvalidState',
  NotFoundException: 'KMSNotFound',
  ThrottlingException: 'KMSThrottling',
};

/** KMS keys of topics: who publishes needs GenerateDataKey and Decrypt. Subscribers need nothing: SNS decrypts for them. */
export class TopicKeys {
  readonly #keys: KeyUse;

  constructor(cloud: Cloud) {
    this.#keys = new KeyUse(cloud, 'sns');
  }

  async checkPublisher(topic: Topic, caller: CallContext): Promise<void> {
    const key = topic.attributes.KmsMasterKeyId;
    if (!key) return;
    const context = { 'aws:sns:topicArn': topic.arn };
    try {
      await this.#keys.generate(key, context, caller);
      await this.#keys.decrypt(key, context, caller);
    } catch (error) {
      const code = error instanceof AwsError ? codes[error.code] : undefined;
      throw code === undefined ? error : new AwsError(code, (error as AwsError).message);
    }
  }
}
