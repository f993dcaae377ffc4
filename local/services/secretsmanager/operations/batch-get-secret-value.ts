import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';

const mostSecrets = 20;

/** Reads each secret as the caller would alone, with its permissions; one that cannot be read is told beside the others. */
export function batchGetSecretValue(cloud: Cloud): Operation {
  return async (input, caller) => {
    refuseUnknown('secretsmanager:BatchGetSecretValue', input, ['SecretIdList', 'Filters', 'MaxResults', 'NextToken']);
    if (input.Filters?.length) throw new NotSupportedError('secretsmanager:BatchGetSecretValue with Filters');
    const ids: string[] = input.SecretIdList ?? [];
    if (ids.length === 0) throw invalidParameter('You must specify either SecretIdList or Filters.');
    if (ids.length > mostSecrets) throw invalidParameter(`SecretIdList must have at most ${mostSecrets} secrets.`);
    if (input.MaxResults != null || input.NextToken != null) {
      throw invalidParameter("You can't use MaxResults or NextToken together with SecretIdList.");
    }
    const SecretValues: object[] = [];
    const Errors: object[] = [];
    for (const SecretId of ids) {
      try {
        SecretValues.push(await cloud.call('secretsmanager', 'GetSecretValue', { SecretId }, caller));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
      }
    }
    return { SecretValues, Errors };
  };
}
