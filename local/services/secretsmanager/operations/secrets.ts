import { NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import { readTags, shownTags, withoutTags } from '../../../requests/tags.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';
import type { Secret, Secrets } from '../secrets.ts';

const dayMilliseconds = 86_400_000;

/** Describing, listing, tagging and deleting secrets. */
export function secretOperations(cloud: Cloud, secrets: Secrets): Record<string, Operation> {
  return {
    DescribeSecret: async (input) => {
      const secret = secrets.get(input.SecretId);
      const stages = secret.versions.map(({ id, stages: list }) => [id, list]);
      return { ...listed(secret), VersionIdsToStages: Object.fromEntries(stages) };
    },
    ListSecrets: async (input) => {
      refuseUnknown('secretsmanager:ListSecrets', input, [
        'IncludePlannedDeletion',
        'MaxResults',
        'NextToken',
        'Filters',
        'SortOrder',
      ]);
      const tests = (input.Filters ?? []).map(filter);
      const found = secrets
        .all()
        .filter(
          (secret) =>
            (input.IncludePlannedDeletion === true || secret.deletionAt === undefined) &&
            tests.every((test: (one: Secret) => boolean) => test(secret)),
        );
      if (input.SortOrder === 'desc') found.reverse();
      const { page, next: NextToken } = paginate(found, { token: input.NextToken, size: input.MaxResults ?? 100 });
      return {
        SecretList: page.map((secret) => ({
          ...listed(secret),
          SecretVersionsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages])),
        })),
        NextToken,
      };
    },
    ListSecretVersionIds: async (input) => {
      const secret = secrets.get(input.SecretId);
      const Versions = secret.versions.map(({ id, stages, createdAt }) => ({
        VersionId: id,
        VersionStages: stages,
        CreatedDate: new Date(createdAt),
      }));
      return { ARN: secret.arn, Name: secret.name, Versions };
    },
    DeleteSecret: async (input) => {
      refuseUnknown('secretsmanager:DeleteSecret', input, [
        'SecretId',
        'RecoveryWindowInDays',
        'ForceDeleteWithoutRecovery',
      ]);
      const { RecoveryWindowInDays: days = 30, ForceDeleteWithoutRecovery: force } = input;
      if (force && input.RecoveryWindowInDays != null) {
        throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
      }
      if (days < 7 || days > 30)
        throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
      // By force one that is gone, or going, is deleted again, so that clients can repeat what they lost the answer to.
      if (force && !secrets.find(input.SecretId)) {
        return { Name: input.SecretId, DeletionDate: new Date(cloud.clock.now()) };
      }
      const secret = force ? secrets.get(input.SecretId) : secrets.alive(input.SecretId);
      const deletionAt = cloud.clock.now() + (force ? 0 : days * dayMilliseconds);
      if (force) secrets.delete(secret);
      else secrets.set({ ...secret, deletionAt });
      return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(deletionAt) };
    },
    RestoreSecret: async (input) => {
      const { deletionAt: _, ...secret } = secrets.get(input.SecretId);
      secrets.set(secret);
      return { ARN: secret.arn, Name: secret.name };
    },
    TagResource: async (input) => {
      const secret = secrets.alive(input.SecretId);
      secrets.set({ ...secret, tags: { ...secret.tags, ...readTags(input.Tags) } });
    },
    UntagResource: async (input) => {
      const secret = secrets.alive(input.SecretId);
      secrets.set({ ...secret, tags: withoutTags(secret.tags, input.TagKeys) });
    },
  };
}

function listed(secret: Secret) {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.keyId,
    RotationEnabled: false,
    LastChangedDate: new Date(secret.changedAt),
    CreatedDate: new Date(secret.createdAt),
    DeletedDate: secret.deletionAt === undefined ? undefined : new Date(secret.deletionAt),
    Tags: shownTags(secret.tags),
  };
}

function filter({ Key, Values = [] }: any): (secret: Secret) => boolean {
  const matches = (text = '') =>
    Values.some((value: string) => (value.startsWith('!') ? !text.startsWith(value.slice(1)) : text.startsWith(value)));
  switch (Key) {
    case 'name':
      return ({ name }) => matches(name);
    case 'description':
      return ({ description }) => matches(description);
    case 'tag-key':
      return ({ tags }) => Object.keys(tags).some(matches);
    case 'tag-value':
      return ({ tags }) => Object.values(tags).some(matches);
    default:
      throw new NotSupportedError(`the secret filter ${Key}`);
  }
}
