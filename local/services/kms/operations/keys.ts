import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { validation } from '../errors.ts';
import type { Key, Keys } from '../keys.ts';

const dayMilliseconds = 86_400_000;
const members = [
  'Policy',
  'Description',
  'KeyUsage',
  'KeySpec',
  'CustomerMasterKeySpec',
  'Origin',
  'Tags',
  'BypassPolicyLockoutSafetyCheck',
  'MultiRegion',
];

/** The life of keys: making, describing, switching, deleting. */
export function keyOperations(cloud: Cloud, keys: Keys): Record<string, Operation> {
  const change = (input: any, changes: Partial<Key>) => keys.set({ ...keys.get(input.KeyId), ...changes });
  return {
    CreateKey: async (input) => {
      refuseUnknown('kms:CreateKey', input, members);
      const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
      if (spec !== 'SYMMETRIC_DEFAULT') throw new NotSupportedError(`KMS keys of the spec ${spec}`);
      if ((input.KeyUsage ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT')
        throw new NotSupportedError(`KMS keys for ${input.KeyUsage}`);
      if ((input.Origin ?? 'AWS_KMS') !== 'AWS_KMS')
        throw new NotSupportedError(`KMS keys of the origin ${input.Origin}`);
      if (input.MultiRegion === true) throw new NotSupportedError('KMS keys in several regions');
      return {
        KeyMetadata: shown(
          keys,
          keys.create({ description: input.Description, policy: input.Policy, tags: tagsOf(input.Tags) }),
        ),
      };
    },
    DescribeKey: async (input) => ({ KeyMetadata: shown(keys, keys.get(input.KeyId)) }),
    ListKeys: async (input) => {
      const { page, next } = paginate(keys.all(), { token: input.Marker, size: input.Limit ?? 100 });
      return {
        Keys: page.map(({ id }) => ({ KeyId: id, KeyArn: keys.arn(id) })),
        NextMarker: next,
        Truncated: next !== undefined,
      };
    },
    EnableKey: async (input) => change(input, { enabled: true }),
    DisableKey: async (input) => change(input, { enabled: false }),
    UpdateKeyDescription: async (input) => change(input, { description: input.Description }),
    EnableKeyRotation: async (input) => change(input, { rotating: true }),
    DisableKeyRotation: async (input) => change(input, { rotating: false }),
    GetKeyRotationStatus: async (input) => ({ KeyRotationEnabled: keys.get(input.KeyId).rotating }),
    GetKeyPolicy: async (input) => ({ Policy: keys.get(input.KeyId).policy, PolicyName: 'default' }),
    PutKeyPolicy: async (input) => change(input, { policy: input.Policy }),
    ListKeyPolicies: async (input) => {
      keys.get(input.KeyId);
      return { PolicyNames: ['default'], Truncated: false };
    },
    ScheduleKeyDeletion: async (input) => {
      const key = keys.get(input.KeyId);
      const days = input.PendingWindowInDays ?? 30;
      if (!(days >= 7 && days <= 30)) throw validation('PendingWindowInDays must be from 7 to 30');
      if (key.deletionAt !== undefined)
        throw new AwsError('KMSInvalidStateException', `${keys.arn(key.id)} is pending deletion.`);
      const deletionAt = cloud.clock.now() + days * dayMilliseconds;
      keys.set({ ...key, enabled: false, deletionAt });
      return {
        KeyId: keys.arn(key.id),
        DeletionDate: new Date(deletionAt),
        KeyState: 'PendingDeletion',
        PendingWindowInDays: days,
      };
    },
    CancelKeyDeletion: async (input) => {
      const { deletionAt: _, ...key } = keys.get(input.KeyId);
      keys.set(key);
      return { KeyId: keys.arn(key.id) };
    },
    TagResource: async (input) => {
      const tags = Object.fromEntries(input.Tags.map(({ TagKey, TagValue }: any) => [TagKey, TagValue]));
      change(input, { tags: { ...keys.get(input.KeyId).tags, ...tags } });
    },
    UntagResource: async (input) => {
      const kept = Object.entries(keys.get(input.KeyId).tags).filter(([key]) => !input.TagKeys.includes(key));
      change(input, { tags: Object.fromEntries(kept) });
    },
    ListResourceTags: async (input) => {
      const tags = Object.entries(keys.get(input.KeyId).tags);
      return { Tags: tags.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), Truncated: false };
    },
    ...aliasOperations(cloud, keys),
  };
}

function aliasOperations(cloud: Cloud, keys: Keys): Record<string, Operation> {
  const noAlias = (name: string) => new AwsError('NotFoundException', `Alias ${keys.aliasArn(name)} is not found.`);
  return {
    CreateAlias: async ({ AliasName, TargetKeyId }) => {
      if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(AliasName ?? ''))
        throw new AwsError('InvalidAliasNameException', 'Alias must start with "alias/"');
      if (AliasName.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', 'Not authorized');
      if (keys.findAlias(AliasName)) {
        throw new AwsError(
          'AlreadyExistsException',
          `An alias with the name ${keys.aliasArn(AliasName)} already exists`,
        );
      }
      keys.setAlias({ name: AliasName, keyId: keys.get(TargetKeyId).id, createdAt: cloud.clock.now() });
    },
    UpdateAlias: async ({ AliasName, TargetKeyId }) => {
      const alias = keys.findAlias(AliasName);
      if (!alias) throw noAlias(AliasName);
      keys.setAlias({ ...alias, keyId: keys.get(TargetKeyId).id });
    },
    DeleteAlias: async ({ AliasName }) => {
      if (!keys.findAlias(AliasName)) throw noAlias(AliasName);
      keys.deleteAlias(AliasName);
    },
    ListAliases: async (input) => {
      const wanted = input.KeyId == null ? undefined : keys.get(input.KeyId).id;
      const found = keys.aliases().filter(({ keyId }) => wanted === undefined || keyId === wanted);
      const { page, next } = paginate(found, { token: input.Marker, size: input.Limit ?? 100 });
      const Aliases = page.map(({ name, keyId, createdAt }) => ({
        AliasName: name,
        AliasArn: keys.aliasArn(name),
        TargetKeyId: keyId,
        CreationDate: new Date(createdAt),
      }));
      return { Aliases, NextMarker: next, Truncated: next !== undefined };
    },
  };
}

function shown(keys: Keys, key: Key) {
  return {
    AWSAccountId: keys.arn(key.id).split(':')[4],
    KeyId: key.id,
    Arn: keys.arn(key.id),
    CreationDate: new Date(key.createdAt),
    Enabled: key.enabled,
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.deletionAt === undefined ? (key.enabled ? 'Enabled' : 'Disabled') : 'PendingDeletion',
    DeletionDate: key.deletionAt === undefined ? undefined : new Date(key.deletionAt),
    Origin: 'AWS_KMS',
    KeyManager: key.manager,
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}

function tagsOf(given: readonly any[] | undefined): Record<string, string> {
  // Requests say TagKey, templates say Key.
  return Object.fromEntries(
    (given ?? []).map(({ TagKey, TagValue, Key, Value }) => [TagKey ?? Key, TagValue ?? Value]),
  );
}
