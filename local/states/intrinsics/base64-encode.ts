import { expectCount, type Intrinsic, IntrinsicError, stringAt } from './intrinsic.ts';

export const maxBase64Characters = 10_000;

/** `States.Base64Encode(text)`: at most 10,000 characters. */
export const base64Encode: Intrinsic = (args) => {
  expectCount(args, 1);
  const text = stringAt(args, 0);
  if (text.length > maxBase64Characters) {
    throw new IntrinsicError(`the text has ${text.length} characters, at most ${maxBase64Characters} are allowed`);
  }
  return Buffer.from(text).toString('base64');
};
