import { randomBytes } from 'node:crypto';
import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Operation } from '../../../service.ts';
import { validation } from '../errors.ts';
import type { Keys } from '../keys.ts';

const maxPlaintextBytes = 4096;
const maxRandomBytes = 1024;
const symmetric = 'SYMMETRIC_DEFAULT';

/** Encrypting, decrypting and data keys, all with 256-bit AES-GCM. */
export function cryptographyOperations(keys: Keys): Record<string, Operation> {
  const dataKey = (input: any) => {
    refuseUnknown('kms:GenerateDataKey', input, [
      'KeyId',
      'EncryptionContext',
      'NumberOfBytes',
      'KeySpec',
      'GrantTokens',
    ]);
    const key = keys.usable(input.KeyId);
    const plaintext = randomBytes(dataKeyBytes(input));
    return {
      KeyId: keys.arn(key.id),
      Plaintext: plaintext,
      CiphertextBlob: keys.encrypt(key, plaintext, input.EncryptionContext),
    };
  };
  return {
    Encrypt: async (input) => {
      refuseUnknown('kms:Encrypt', input, [
        'KeyId',
        'Plaintext',
        'EncryptionContext',
        'EncryptionAlgorithm',
        'GrantTokens',
      ]);
      checkAlgorithm(input.EncryptionAlgorithm);
      const key = keys.usable(input.KeyId);
      const plaintext = bytes(input.Plaintext);
      if (plaintext.length < 1 || plaintext.length > maxPlaintextBytes) {
        throw validation(
          `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length between 1 and ${maxPlaintextBytes}`,
        );
      }
      const CiphertextBlob = keys.encrypt(key, plaintext, input.EncryptionContext);
      return { CiphertextBlob, KeyId: keys.arn(key.id), EncryptionAlgorithm: symmetric };
    },
    Decrypt: async (input) => {
      refuseUnknown('kms:Decrypt', input, [
        'CiphertextBlob',
        'KeyId',
        'EncryptionContext',
        'EncryptionAlgorithm',
        'GrantTokens',
      ]);
      checkAlgorithm(input.EncryptionAlgorithm);
      const { key, plaintext } = open(keys, bytes(input.CiphertextBlob), input.KeyId, input.EncryptionContext);
      return { KeyId: keys.arn(key.id), Plaintext: plaintext, EncryptionAlgorithm: symmetric };
    },
    ReEncrypt: async (input) => {
      const source = open(keys, bytes(input.CiphertextBlob), input.SourceKeyId, input.SourceEncryptionContext);
      const target = keys.usable(input.DestinationKeyId);
      return {
        CiphertextBlob: keys.encrypt(target, source.plaintext, input.DestinationEncryptionContext),
        SourceKeyId: keys.arn(source.key.id),
        KeyId: keys.arn(target.id),
        SourceEncryptionAlgorithm: symmetric,
        DestinationEncryptionAlgorithm: symmetric,
      };
    },
    GenerateDataKey: async (input) => dataKey(input),
    GenerateDataKeyWithoutPlaintext: async (input) => {
      const { Plaintext: _, ...rest } = dataKey(input);
      return rest;
    },
    GenerateRandom: async (input) => {
      const count = Number(input.NumberOfBytes);
      if (!(count >= 1 && count <= maxRandomBytes))
        throw validation(`NumberOfBytes must be from 1 to ${maxRandomBytes}`);
      return { Plaintext: randomBytes(count) };
    },
  };
}

function open(keys: Keys, ciphertext: Buffer, keyId: unknown, context: any) {
  const opened = keys.decrypt(ciphertext, context);
  if (keyId != null && keys.get(keyId).id !== opened.key.id) {
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  return opened;
}

function dataKeyBytes({ KeySpec, NumberOfBytes }: any): number {
  if ((KeySpec == null) === (NumberOfBytes == null))
    throw validation('Please specify either number of bytes or key spec.');
  if (KeySpec === 'AES_256') return 32;
  if (KeySpec === 'AES_128') return 16;
  const count = Number(NumberOfBytes);
  if (!(count >= 1 && count <= maxRandomBytes)) throw validation(`NumberOfBytes must be from 1 to ${maxRandomBytes}`);
  return count;
}

function checkAlgorithm(algorithm: unknown): void {
  if (algorithm != null && algorithm !== symmetric) throw new NotSupportedError(`the KMS algorithm ${algorithm}`);
}

/** Over HTTP bytes are base64, from other services they are bytes. */
function bytes(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Buffer.from(String(value ?? ''), 'base64');
}
