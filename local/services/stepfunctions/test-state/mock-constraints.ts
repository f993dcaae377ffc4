import type { Json } from '../../../states/json.ts';

interface Constraint {
  readonly least?: number;
  readonly most?: number;
}

/** Limits of members that the SDK's schemas do not carry: numbers by value, texts and blobs by length. */
const constraints: Readonly<Record<string, Constraint>> = {
  'kms/CiphertextBlob': { least: 1, most: 6_144 },
  'kms/Plaintext': { least: 1, most: 4_096 },
  'kms/KeyId': { least: 1, most: 2_048 },
  'lambda/MemorySize': { least: 128, most: 10_240 },
  'lambda/Timeout': { least: 1 },
  'lambda/Size': { least: 512, most: 10_240 },
  'secretsmanager/SecretString': { least: 1, most: 65_536 },
};

/** What is wrong with a member's value, or undefined. */
export function mockConstraints(service: string, member: string, value: Json): string | undefined {
  const { least, most } = constraints[`${service}/${member}`] ?? {};
  const isText = typeof value === 'string';
  const size = isText ? value.length : value;
  if (least !== undefined && size < least)
    return isText ? 'is smaller than the minimum length' : 'is less than the minimum value';
  if (most !== undefined && size > most) return isText ? 'exceeds the maximum length' : 'exceeds the maximum value';
  return undefined;
}
