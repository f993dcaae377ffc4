import { jsonHttp } from '../../protocols/json.ts';
import type { Permission, ServiceFactory } from '../../service.ts';
import { Keys } from './keys.ts';
import { cryptographyOperations } from './operations/cryptography.ts';
import { keyOperations } from './operations/keys.ts';

/** AWS KMS: symmetric keys and their aliases. Key material lies in the store as it is: it protects nothing from this machine. */
export const createKms: ServiceFactory = (cloud) => {
  const keys = new Keys(cloud);
  const keyArn = (name: unknown) => keys.arn(keys.idOf(name) ?? String(name));
  const permissions = (operation: string, input: any): readonly Permission[] => {
    const on = (resource: string, action = operation, context = input.EncryptionContext): Permission => ({
      action: `kms:${action}`,
      resource,
      ...(context && { conditions: contextConditions(context) }),
    });
    const source = () =>
      on(keyArn(input.SourceKeyId ?? keyIdIn(input.CiphertextBlob)), 'ReEncryptFrom', input.SourceEncryptionContext);
    switch (operation) {
      case 'CreateKey':
      case 'ListKeys':
      case 'ListAliases':
      case 'GenerateRandom':
        return [on('*')];
      case 'CreateAlias':
      case 'UpdateAlias':
        return [on(keys.aliasArn(input.AliasName)), on(keyArn(input.TargetKeyId))];
      case 'DeleteAlias':
        return [on(keys.aliasArn(input.AliasName)), on(keyArn(keys.findAlias(input.AliasName)?.keyId))];
      case 'Decrypt':
        return [on(keyArn(input.KeyId ?? keyIdIn(input.CiphertextBlob)))];
      case 'ReEncrypt':
        return [source(), on(keyArn(input.DestinationKeyId), 'ReEncryptTo', input.DestinationEncryptionContext)];
      default:
        return [on(keyArn(input.KeyId))];
    }
  };
  const keyIdIn = (blob: unknown) =>
    keys.keyIdIn(blob instanceof Uint8Array ? Buffer.from(blob) : Buffer.from(String(blob ?? ''), 'base64'));
  return {
    name: 'kms',
    operations: { ...keyOperations(cloud, keys), ...cryptographyOperations(keys) },
    permissions,
    http: jsonHttp(cloud, 'kms', { version: '1.1' }),
  };
};

function contextConditions(context: Readonly<Record<string, string>>): Permission['conditions'] {
  const entries = Object.entries(context);
  return {
    'kms:EncryptionContextKeys': entries.map(([key]) => key),
    ...Object.fromEntries(entries.map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
  };
}
