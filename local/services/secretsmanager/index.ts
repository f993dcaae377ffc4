import { jsonHttp } from '../../protocols/json.ts';
import type { Permission, ServiceFactory } from '../../service.ts';
import { SecureValues } from '../kms/secure-values.ts';
import { batchGetSecretValue } from './operations/batch-get-secret-value.ts';
import { getRandomPassword } from './operations/random-password.ts';
import { secretOperations } from './operations/secrets.ts';
import { valueOperations } from './operations/values.ts';
import { Secrets } from './secrets.ts';

/** Operations that are allowed for no secret in particular. */
const overall = new Set(['BatchGetSecretValue', 'GetRandomPassword', 'ListSecrets']);

/** AWS Secrets Manager, without rotation. */
export const createSecretsManager: ServiceFactory = (cloud) => {
  const secrets = new Secrets(cloud);
  const safe = new SecureValues(cloud, 'secretsmanager', { dataKeys: true });
  const permissions = (operation: string, input: any): readonly Permission[] => {
    const action = `secretsmanager:${operation}`;
    if (overall.has(operation)) return [{ action, resource: '*' }];
    const id = input.SecretId ?? input.Name;
    const arn = secrets.find(id)?.arn;
    return [
      { action, resource: arn ?? (String(id).startsWith('arn:') ? String(id) : secrets.arn(String(id), '??????')) },
    ];
  };
  return {
    name: 'secretsmanager',
    operations: {
      ...valueOperations(cloud, secrets, safe),
      ...secretOperations(cloud, secrets),
      BatchGetSecretValue: batchGetSecretValue(cloud),
      GetRandomPassword: getRandomPassword,
    },
    permissions,
    http: jsonHttp(cloud, 'secretsmanager', { version: '1.1' }),
  };
};
