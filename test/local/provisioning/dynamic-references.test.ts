import { expect, it } from 'vitest';
import { resolveDynamicReferences } from '../../../local/provisioning/dynamic-references.ts';
import type { Surroundings } from '../../../local/provisioning/surroundings.ts';

const answers: Record<string, (input: any) => object> = {
  'ssm:GetParameter': ({ Name }) => ({ Parameter: { Value: `value of ${Name}` } }),
  'secretsmanager:GetSecretValue': ({ SecretId, VersionStage }) => ({
    SecretString: JSON.stringify({ id: SecretId, stage: VersionStage ?? 'none', password: '$& $1' }),
  }),
};
const surroundings = {
  cloud: {
    accountId: '1',
    call: async (service: string, operation: string, input: object) => answers[`${service}:${operation}`]!(input),
  },
} as unknown as Surroundings;
const arn = 'arn:aws:secretsmanager:us-east-1:1:secret:db-AbCdEf';

it.each<[string, unknown, unknown]>([
  ['a parameter', '{{resolve:ssm:/app/host:3}}', 'value of /app/host:3'],
  ['a secure parameter inside a text', 'x{{resolve:ssm-secure:/key}}y', 'xvalue of /keyy'],
  ['one member of a secret, taken as it is', `{{resolve:secretsmanager:${arn}:SecretString:password}}`, '$& $1'],
  ['a secret of another stage', `{{resolve:secretsmanager:db:SecretString:stage:PREVIOUS}}`, 'PREVIOUS'],
  [
    'a whole secret',
    { a: ['{{resolve:secretsmanager:db}}'] },
    { a: [JSON.stringify({ id: 'db', stage: 'none', password: '$& $1' })] },
  ],
  ['nothing', { a: [1, true, null, 'text'] }, { a: [1, true, null, 'text'] }],
])('fills in %s', async (_name, value, expected) => {
  expect(await resolveDynamicReferences(value, surroundings)).toEqual(expected);
});

it('leaves numbers and flags as they are beside a reference', async () => {
  const value = { text: '{{resolve:ssm:/x}}', size: 3, on: false, none: null };
  expect(await resolveDynamicReferences(value, surroundings)).toEqual({ ...value, text: 'value of /x' });
});

it('refuses services that it does not know', async () => {
  await expect(resolveDynamicReferences('{{resolve:vault:x}}', surroundings)).rejects.toThrow(
    'dynamic references to vault',
  );
});
