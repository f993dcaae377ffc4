import { AwsError, NotSupportedError } from '../../aws-error.ts';
import type { JsonObject } from '../../states/json.ts';

const invalid = (what: string) => new AwsError('ValidationException', what);

/** Throws for settings of a machine that AWS refuses, or that local AWS does not have. */
export function validMachineSettings(input: JsonObject): void {
  const { roleArn, publish, versionDescription, encryptionConfiguration: encryption } = input;
  if (roleArn !== undefined && !/^arn:[^:]*:iam::\d{12}:role\/.+/.test(roleArn)) {
    throw new AwsError('InvalidArn', `Invalid Role Arn: '${roleArn}'`);
  }
  if (versionDescription !== undefined && !publish) {
    throw invalid('Version description can only be set when publish is true');
  }
  if (encryption && encryption.type !== 'AWS_OWNED_KEY') {
    throw new NotSupportedError(`Step Functions encryption of type ${encryption.type}`);
  }
}
