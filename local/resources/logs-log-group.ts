import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, withoutEffect } from '../provisioning/shape.ts';

const provisioned = (name: string, { region, accountId }: ResourceContext) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` },
});

export default defineResource({
  type: 'AWS::Logs::LogGroup',
  properties: {
    LogGroupName: 'text',
    RetentionInDays: 'number',
    LogGroupClass: withoutEffect('log classes change what logs cost'),
    KmsKeyId: withoutEffect('logs are not encrypted at rest on this machine'),
    Tags: tags,
  },
  replacedBy: ['LogGroupName'],
  async create({ LogGroupName, RetentionInDays: retentionInDays }, context) {
    const logGroupName = context.name(LogGroupName, { maxLength: 512 });
    await context.call('logs', 'CreateLogGroup', { logGroupName });
    if (retentionInDays) await context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    return provisioned(logGroupName, context);
  },
  async update({ RetentionInDays: retentionInDays }, context, { physicalId: logGroupName }) {
    if (retentionInDays) await context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    else await context.call('logs', 'DeleteRetentionPolicy', { logGroupName });
    return provisioned(logGroupName, context);
  },
  async delete(logGroupName, context) {
    await context.attempt(['ResourceNotFoundException'], 'logs', 'DeleteLogGroup', { logGroupName });
  },
});
