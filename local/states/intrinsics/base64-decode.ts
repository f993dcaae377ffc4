import { maxBase64Characters } from './base64-encode.ts';
import { expectCount, type Intrinsic, IntrinsicError, stringAt } from './intrinsic.ts';

/** `States.Base64Decode(text)`: at most 10,000 characters. */
export const base64Decode: Intrinsic = (args) => {
  expectCount(args, 1);
  const text = stringAt(args, 0);
  if (text.length > maxBase64Characters) {
    throw new IntrinsicError(`the text has ${text.length} characters, at most ${maxBase64Characters} are allowed`);
  }
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new IntrinsicError('the text is not base64');
  return Buffer.from(text, 'base64').toString();
};
