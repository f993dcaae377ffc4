import { isObject, type Json } from '../json.ts';
import { expectCount, type Intrinsic, IntrinsicError, stringAt } from './intrinsic.ts';

/** `States.Format(template, a, b, …)`: each `{}` replaced by the next argument; `\{` and `\}` are braces. */
export const format: Intrinsic = (args) => {
  expectCount(args, 1, Number.POSITIVE_INFINITY);
  let next = 1;
  const text = stringAt(args, 0).replace(/\\(.)|\{\}/gs, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return "{}'\\".includes(escaped) ? escaped : match;
    if (next >= args.length) throw new IntrinsicError('the template has more {} than there are values');
    return asText(args[next++]);
  });
  if (next < args.length) throw new IntrinsicError('there are more values than the template has {}');
  return text;
};

/** Values are written as Java writes them, which shows for objects and arrays: `{a=1, b=[x, y]}`. */
function asText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(', ')}]`;
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, member]) => `${key}=${asText(member)}`)
      .join(', ')}}`;
  return String(value);
}
