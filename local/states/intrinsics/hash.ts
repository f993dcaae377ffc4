import { createHash } from 'node:crypto';
import { expectCount, type Intrinsic, IntrinsicError, stringAt } from './intrinsic.ts';

const maxCharacters = 10_000;
const algorithms: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** `States.Hash(data, algorithm)`: hexadecimal. Data that is no string is hashed as its JSON text. */
export const hash: Intrinsic = (args) => {
  expectCount(args, 2);
  const text = typeof args[0] === 'string' ? args[0] : JSON.stringify(args[0]);
  if (text.length > maxCharacters) {
    throw new IntrinsicError(`the data has ${text.length} characters, at most ${maxCharacters} are allowed`);
  }
  const algorithm = algorithms[stringAt(args, 1)];
  if (!algorithm)
    throw new IntrinsicError(`the algorithm is ${args[1]}, must be one of ${Object.keys(algorithms).join(', ')}`);
  return createHash(algorithm).update(text).digest('hex');
};
