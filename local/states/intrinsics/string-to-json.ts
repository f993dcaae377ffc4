import { expectCount, type Intrinsic, IntrinsicError, stringAt } from './intrinsic.ts';

/** `States.StringToJson(text)`: an empty text gives null. */
export const stringToJson: Intrinsic = (args) => {
  expectCount(args, 1);
  const text = stringAt(args, 0);
  if (text.trim() === '') return null;
  try {
    const value = JSON.parse(text);
    return Object.is(value, -0) ? 0 : value;
  } catch {
    throw new IntrinsicError(`the text is not JSON: ${text}`);
  }
};
