import { defineResource } from '../provisioning/resource-type.ts';
import { tags, withoutEffect } from '../provisioning/shape.ts';

const provisioned = ({ KeyId, Arn }: any) => ({ physicalId: KeyId, attributes: { Arn, KeyId } });

export default defineResource({
  type: 'AWS::KMS::Key',
  properties: {
    Description: 'text',
    KeyPolicy: 'json',
    KeySpec: 'text',
    KeyUsage: 'text',
    Enabled: 'flag',
    EnableKeyRotation: withoutEffect('keys of this machine protect nothing that could age'),
    RotationPeriodInDays: withoutEffect('keys of this machine protect nothing that could age'),
    MultiRegion: withoutEffect('there is one region on this machine'),
    PendingWindowInDays: withoutEffect('a key that leaves the template is deleted with the shortest window'),
    BypassPolicyLockoutSafetyCheck: withoutEffect('the root of a local account is never locked out'),
    Tags: tags,
  },
  replacedBy: ['KeySpec', 'KeyUsage'],
  async create({ KeyPolicy, Enabled, ...key }, context) {
    const Policy = KeyPolicy && JSON.stringify(KeyPolicy);
    const { KeyMetadata } = await context.call('kms', 'CreateKey', { ...key, Policy });
    if (Enabled === false) await context.call('kms', 'DisableKey', { KeyId: KeyMetadata.KeyId });
    return provisioned(KeyMetadata);
  },
  async update({ KeyPolicy, Enabled, Description }, context, { physicalId: KeyId, properties: before }) {
    const Policy = JSON.stringify(KeyPolicy);
    if (KeyPolicy) await context.call('kms', 'PutKeyPolicy', { KeyId, PolicyName: 'default', Policy });
    if (Description !== before.Description) {
      await context.call('kms', 'UpdateKeyDescription', { KeyId, Description: Description ?? '' });
    }
    if ((Enabled ?? true) !== (before.Enabled ?? true)) {
      await context.call('kms', Enabled === false ? 'DisableKey' : 'EnableKey', { KeyId });
    }
    return provisioned((await context.call('kms', 'DescribeKey', { KeyId })).KeyMetadata);
  },
  async delete(KeyId, context) {
    const gone = ['NotFoundException', 'KMSInvalidStateException'];
    await context.attempt(gone, 'kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  },
});
