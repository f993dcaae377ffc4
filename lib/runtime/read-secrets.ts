import { SecretUnusableError } from '../core/errors/secret-unusable-error.ts';
import type { Secrets } from './ports/secrets.ts';

/** Of fewer, all can be tried. */
const leastBytes = 16;

/** The keys that steps hash with, by name; read anew each time: a worker outlives a rotation. Undefined: none. */
export async function readSecrets(
  secrets: Secrets,
  names: readonly string[],
): Promise<Readonly<Record<string, string>> | undefined> {
  if (names.length === 0) return undefined;
  const read = names.map(async (name) => [name, strong(name, await secrets.read(name))] as const);
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
