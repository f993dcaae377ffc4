import { AwsError, NotSupportedError } from '../../aws-error.ts';
import { checkTypes, checkValidations, dynaliteOperation, type Failure } from './dynalite.ts';
import { checkExpressionSizes, checkOperands } from './expression-limits.ts';
import { awsError, validation } from './failure.ts';
import { tableName } from './tables.ts';

/** 400 KB: the largest item. */
export const maxItemBytes = 409_600;

/**
 * A request as dynalite wants it: a copy of `input`, checked by dynalite's rules for `operation`, its expressions parsed.
 * `handled` are the members that the front deals with itself; any other that dynalite does not know is refused.
 */
export function checkedRequest(operation: string, input: any, handled: readonly string[] = []): any {
  const { validation } = dynaliteOperation(operation);
  const data = wire(input);
  if ('TableName' in data) data.TableName = tableName(data.TableName);
  for (const member of Object.keys(data)) {
    if (data[member] == null) continue;
    if (!(member in validation.types) && !handled.includes(member))
      throw new NotSupportedError(`dynamodb:${operation} with ${member}`);
  }
  checkExpressionSizes(data);
  try {
    const checked = checkTypes(data, validation.types);
    checkValidations(checked, validation.types, validation.custom, {
      options: { maxItemSize: Number.POSITIVE_INFINITY },
    });
    removeFromTheEnd(checked);
    checkOperands(checked);
    return checked;
  } catch (error) {
    throw error instanceof AwsError ? error : awsError(error as Failure);
  }
}

/** Each of the 32 levels that an attribute may nest takes two levels of JSON, and the request around it a few. */
const maxDepth = 75;

/**
 * A deep copy with binary values as base64 text, the way they travel. Dynalite builds objects by assignment, where an
 * attribute called `__proto__` would vanish, so it is refused by name.
 */
export function wire(value: any, depth = 0): any {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value === null || typeof value !== 'object') return value;
  if (depth > maxDepth) {
    throw validation(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
  if (Array.isArray(value)) return value.map((member) => wire(member, depth + 1));
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (name === '__proto__') throw new NotSupportedError('an attribute called __proto__ in DynamoDB');
    copy[name] = wire(value[name], depth + 1);
  }
  return copy;
}

/** `REMOVE a[0], a[1]` means places in the list as it was; dynalite removes one by one, so the later places go first. */
function removeFromTheEnd(data: any): void {
  const sections: any[] | undefined = data._updates?.sections;
  if (!sections) return;
  const removals = sections.filter((section) => section.type === 'remove');
  if (removals.length < 2) return;
  const place = (section: any) => (typeof section.path.at(-1) === 'number' ? section.path.at(-1) : -1);
  removals.sort((a, b) => place(b) - place(a));
  data._updates.sections = [...sections.filter((section) => section.type !== 'remove'), ...removals];
}
