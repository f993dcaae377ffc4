import { SecretUnusableError } from '../core/errors/secret-unusable-error.ts';
import type { Secrets } from './ports/secrets.ts';

/** Of fewer, all can be tried. */
const leastBytes = 16;

/** Version by name of a secret. */
export type SecretVersions = Readonly<Record<string, string>>;

/**
 * The versions of keys that are current. A run takes them down when it begins and keeps to them: a rotation in its middle
 * would part one column into two hashes of the same value. Undefined: none.
 */
export async function currentVersions(
  secrets: Pick<Secrets, 'current'>,
  names: readonly string[],
): Promise<SecretVersions | undefined> {
  if (names.length === 0) return undefined;
  const found = names.map(async (name) => [name, await secrets.current(name)] as const);
  return Object.fromEntries(await Promise.all(found));
}

/** The keys that steps hash with, by name; read anew each time: a worker outlives a run. Undefined: none. */
export async function readSecrets(
  secrets: Pick<Secrets, 'read'>,
  names: readonly string[],
  versions: SecretVersions = {},
): Promise<Readonly<Record<string, string>> | undefined> {
  if (names.length === 0) return undefined;
  const read = names.map(async (name) => [name, strong(name, await secrets.read(name, versions[name]))] as const);
  return Object.fromEntries(await Promise.all(read));
}

function strong(name: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes >= leastBytes) return value;
  throw new SecretUnusableError({
    problem: `the secret "${name}" is too short for a key`,
    received: `${bytes} bytes`,
    allowed: `at least ${leastBytes} bytes`,
    change: 'give it a long random value, e.g. 32 random bytes in base64',
  });
}
