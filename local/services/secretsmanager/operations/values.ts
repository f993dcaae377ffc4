import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { readTags } from '../../../requests/tags.ts';
import type { CallContext, Cloud, Operation } from '../../../service.ts';
import type { SecureValues } from '../../kms/secure-values.ts';
import { invalidParameter } from '../errors.ts';
import {
  current,
  passCurrent,
  type Secret,
  type Secrets,
  type SecretVersion,
  secretNotFound,
  withVersion,
} from '../secrets.ts';

const maxBytes = 65_536;

/** Making secrets, and writing and reading their values. */
export function valueOperations(cloud: Cloud, secrets: Secrets, safe: SecureValues): Record<string, Operation> {
  const contextOf = (secret: Pick<Secret, 'arn'>, id: string) => ({ SecretARN: secret.arn, SecretVersionId: id });

  async function newVersion(
    secret: Pick<Secret, 'arn' | 'keyId'>,
    input: any,
    stages: string[],
    caller: CallContext,
  ): Promise<SecretVersion> {
    const value = valueBytes(input);
    if (value.bytes.length > maxBytes) throw invalidParameter(`The secret value is longer than ${maxBytes} bytes.`);
    const id = input.ClientRequestToken ?? randomUUID();
    const sealed = await safe.seal(value.bytes, secret.keyId, contextOf(secret, id), caller);
    return { id, kind: value.kind, value: sealed, keyId: secret.keyId, stages, createdAt: cloud.clock.now() };
  }

  async function open(secret: Secret, version: SecretVersion, caller: CallContext) {
    const bytes = await safe.open(version.value, contextOf(secret, version.id), caller);
    return version.kind === 'text' ? { SecretString: bytes.toString('utf8') } : { SecretBinary: bytes };
  }

  /** Puts a value under its token; the same again does nothing, another under the same token is refused. */
  async function putVersion(secret: Secret, input: any, stages: string[], caller: CallContext): Promise<Secret> {
    const known = secret.versions.find(({ id }) => id === input.ClientRequestToken);
    if (!known) {
      const version = await newVersion(secret, input, stages, caller);
      const changed = { ...secret, versions: withVersion(secret.versions, version), changedAt: cloud.clock.now() };
      secrets.set(changed);
      return changed;
    }
    const before = JSON.stringify(await open(secret, known, caller));
    const { bytes, kind } = valueBytes(input);
    const again = JSON.stringify(kind === 'text' ? { SecretString: bytes.toString('utf8') } : { SecretBinary: bytes });
    if (before === again) return secret;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${known.id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }

  return {
    CreateSecret: async (input, caller) => {
      refuseUnknown('secretsmanager:CreateSecret', input, [
        'Name',
        'ClientRequestToken',
        'Description',
        'KmsKeyId',
        'SecretString',
        'SecretBinary',
        'Tags',
      ]);
      const { Name: name } = input;
      if (!/^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name ?? ''))
        throw new AwsError(
          'ValidationException',
          'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
        );
      const existing = secrets.find(name);
      if (existing?.deletionAt !== undefined) {
        throw new AwsError(
          'InvalidRequestException',
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      }
      checkToken(input);
      // Clients that lost the answer ask again under the same token.
      const made = existing?.versions.find(({ id }) => id === input.ClientRequestToken);
      if (existing && made) {
        await putVersion(existing, input, [], caller);
        return { ARN: existing.arn, Name: name, VersionId: made.id };
      }
      if (existing)
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        );
      const arn = secrets.arn(name, randomBytes(4).toString('base64url').replace(/[-_]/g, 'x').slice(0, 6));
      const hasValue = input.SecretString != null || input.SecretBinary != null;
      const keyId: string | undefined = input.KmsKeyId ?? undefined;
      const version = hasValue ? await newVersion({ arn, keyId }, input, [current], caller) : undefined;
      const now = cloud.clock.now();
      secrets.set({
        arn,
        name,
        description: input.Description,
        keyId,
        tags: readTags(input.Tags),
        versions: version ? [version] : [],
        createdAt: now,
        changedAt: now,
      });
      return { ARN: arn, Name: name, VersionId: version?.id };
    },
    PutSecretValue: async (input, caller) => {
      refuseUnknown('secretsmanager:PutSecretValue', input, [
        'SecretId',
        'ClientRequestToken',
        'SecretString',
        'SecretBinary',
        'VersionStages',
      ]);
      checkToken(input);
      const secret = secrets.alive(input.SecretId);
      const stages: string[] = input.VersionStages ?? [current];
      const ClientRequestToken = input.ClientRequestToken ?? randomUUID();
      const changed = await putVersion(secret, { ...input, ClientRequestToken }, stages, caller);
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: ClientRequestToken,
        VersionStages: changed.versions.find(({ id }) => id === ClientRequestToken)?.stages,
      };
    },
    UpdateSecret: async (input, caller) => {
      refuseUnknown('secretsmanager:UpdateSecret', input, [
        'SecretId',
        'ClientRequestToken',
        'Description',
        'KmsKeyId',
        'SecretString',
        'SecretBinary',
      ]);
      checkToken(input);
      const secret = { ...secrets.alive(input.SecretId) };
      const settled = {
        ...secret,
        description: input.Description ?? secret.description,
        keyId: input.KmsKeyId ?? secret.keyId,
        changedAt: cloud.clock.now(),
      };
      secrets.set(settled);
      if (input.SecretString == null && input.SecretBinary == null) return { ARN: secret.arn, Name: secret.name };
      const ClientRequestToken = input.ClientRequestToken ?? randomUUID();
      await putVersion(settled, { ...input, ClientRequestToken }, [current], caller);
      return { ARN: secret.arn, Name: secret.name, VersionId: ClientRequestToken };
    },
    GetSecretValue: async (input, caller) => {
      refuseUnknown('secretsmanager:GetSecretValue', input, ['SecretId', 'VersionId', 'VersionStage']);
      const secret = secrets.alive(input.SecretId);
      const version = selectVersion(secret, input);
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        ...(await open(secret, version, caller)),
        VersionStages: version.stages,
        CreatedDate: new Date(version.createdAt),
      };
    },
    UpdateSecretVersionStage: async (input) => {
      refuseUnknown('secretsmanager:UpdateSecretVersionStage', input, [
        'SecretId',
        'VersionStage',
        'RemoveFromVersionId',
        'MoveToVersionId',
      ]);
      const secret = secrets.alive(input.SecretId);
      const { VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to } = input;
      const holder = secret.versions.find(({ stages }) => stages.includes(stage))?.id;
      if (holder !== undefined && holder !== from && holder !== to) {
        throw invalidParameter(
          `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
        );
      }
      const moved = secret.versions.map((version) => {
        const stages = version.stages.filter((one) => one !== stage);
        return { ...version, stages: version.id === to ? [...stages, stage] : stages };
      });
      const versions = stage === current ? passCurrent(secret.versions, moved, to) : moved;
      secrets.set({ ...secret, versions, changedAt: cloud.clock.now() });
      return { ARN: secret.arn, Name: secret.name };
    },
  };
}

/** The token becomes the id of a version. */
function checkToken({ ClientRequestToken: token }: any): void {
  if (token == null || (token.length >= 32 && token.length <= 64)) return;
  throw invalidParameter(`ClientRequestToken must be 32 to 64 characters long: "${token}" has ${token.length}.`);
}

function selectVersion(secret: Secret, { VersionId, VersionStage }: any): SecretVersion {
  const stage = VersionStage ?? (VersionId === undefined ? current : undefined);
  const found = secret.versions.find(
    ({ id, stages }) =>
      (VersionId === undefined || id === VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (found) return found;
  if (VersionStage !== undefined && secret.versions.some(({ id }) => id === VersionId)) {
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }
  throw secretNotFound(
    `the specified secret value for ${VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${VersionId}`}`,
  );
}

function valueBytes({ SecretString, SecretBinary }: any): { kind: SecretVersion['kind']; bytes: Buffer } {
  if ((SecretString == null) === (SecretBinary == null))
    throw invalidParameter('You must provide either SecretString or SecretBinary.');
  if (SecretString != null) return { kind: 'text', bytes: Buffer.from(SecretString) };
  const bytes =
    SecretBinary instanceof Uint8Array ? Buffer.from(SecretBinary) : Buffer.from(String(SecretBinary), 'base64');
  return { kind: 'binary', bytes };
}
