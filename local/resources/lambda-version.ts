import { defineResource } from '../provisioning/resource-type.ts';
import { withoutEffect } from '../provisioning/shape.ts';

export default defineResource({
  type: 'AWS::Lambda::Version',
  properties: {
    FunctionName: 'text',
    Description: 'text',
    CodeSha256: withoutEffect('an asset on this machine has another digest than its archive on AWS'),
    ProvisionedConcurrencyConfig: withoutEffect('environments are not kept warm ahead of calls on this machine'),
    RuntimePolicy: withoutEffect('this machine has one patch level of a runtime'),
  },
  async create({ FunctionName, Description }, context) {
    const { FunctionArn, Version } = await context.call('lambda', 'PublishVersion', { FunctionName, Description });
    const arn = FunctionArn.endsWith(`:${Version}`) ? FunctionArn : `${FunctionArn}:${Version}`;
    return { physicalId: arn, attributes: { FunctionArn: arn, Version } };
  },
  async delete(arn, context) {
    const input = { FunctionName: arn.split(':')[6], Qualifier: arn.split(':')[7] };
    await context.attempt(['ResourceNotFoundException'], 'lambda', 'DeleteFunction', input);
  },
});
