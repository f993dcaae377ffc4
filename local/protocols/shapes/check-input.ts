import { AwsError } from '../../aws-error.ts';
import { type ServiceShapes, scalars, shapesOf, type Type } from './service-shapes.ts';

export interface Call {
  readonly service: string;
  readonly operation: string;
}

/** Throws where AWS has no such operation; one that only local AWS lacks is for `Cloud.call` to name. */
export function checkOperation({ service, operation }: Call, code = 'UnknownOperationException'): void {
  const shapes = shapesOf(service);
  if (!shapes || shapes.elsewhere.has(operation) || shapes.structures.has(`${operation}()`)) return;
  // The streams of tables are called at the service of the tables, and are not in its shapes.
  if (service === 'dynamodb' && streamOperations.has(operation)) return;
  throw new AwsError(code, `Could not find operation ${operation} of ${service}`);
}

const streamOperations = new Set(['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams']);

/**
 * Throws SerializationException where a value is of another type than the operation takes. Members that the operation
 * does not know are its own business.
 */
export function checkTypes({ service, operation }: Call, input: unknown): void {
  const shapes = shapesOf(service);
  const name = `${operation}()`;
  if (shapes?.structures.has(name)) checkValue({ shapes, suits: inJson }, { kind: 'structure', name }, input);
  else checkStructure(input);
}

/** The same for a form, where all that is no structure is text. Throws MalformedInput. */
export function checkFormTypes({ service, operation }: Call, input: unknown): void {
  const shapes = shapesOf(service);
  const name = `${operation}()`;
  if (!shapes?.structures.has(name)) return;
  try {
    checkValue({ shapes, suits: inForm }, { kind: 'structure', name }, input);
  } catch (error) {
    throw error instanceof AwsError ? new AwsError('MalformedInput', error.message) : error;
  }
}

interface Rules {
  readonly shapes: ServiceShapes;
  readonly suits: Readonly<Record<keyof typeof scalars, (value: unknown) => boolean>>;
}

function checkValue(rules: Rules, type: Type, value: unknown): void {
  // An empty list of a form is its name with nothing behind.
  if (rules.suits === inForm && value === '' && !(type.kind in scalars)) return;
  switch (type.kind) {
    case 'structure': {
      const given = checkStructure(value);
      for (const member of rules.shapes.structures.get(type.name)!) {
        const inner = given[member.name];
        if (inner !== undefined && inner !== null) checkValue(rules, member.type, inner);
      }
      return;
    }
    case 'map':
      for (const inner of Object.values(checkStructure(value))) checkElement(rules, type.of, inner);
      return;
    case 'list':
      if (!Array.isArray(value)) throw mistyped(value, 'List');
      for (const inner of value) checkElement(rules, type.of, inner);
      return;
    default:
      if (!rules.suits[type.kind](value)) throw mistyped(value, scalars[type.kind]);
  }
}

/** What stands in a list or map may not be nothing. */
function checkElement(rules: Rules, type: Type, value: unknown): void {
  if (value === null) throw new AwsError('SerializationException', 'NULL_VALUE found where a member was expected');
  checkValue(rules, type, value);
}

/** Throws SerializationException for what is no object. */
export function checkStructure(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mistyped(value, 'Structure');
  return value as Record<string, unknown>;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown) =>
  typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(value as string);
const inJson: Rules['suits'] = {
  s: isText,
  n: isNumber,
  t: (value) => typeof value === 'boolean',
  d: (value) => isNumber(value) || isText(value),
  // Bytes are text on the wire, and may have been read from it.
  b: (value) => isText(value) || value instanceof Uint8Array,
  a: () => true,
};
const inForm: Rules['suits'] = {
  s: isText,
  n: (value) => isText(value) && value !== '' && Number.isFinite(Number(value)),
  t: (value) => ['true', 'false'].includes(value as string),
  d: isText,
  b: isText,
  a: () => true,
};

function mistyped(value: unknown, wanted: string): AwsError {
  return new AwsError('SerializationException', mismatch(value, wanted));
}

function mismatch(value: unknown, wanted: string): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  if (typeof value === 'object' && value !== null) return 'Start of structure or map found where not expected.';
  const found = value === null || typeof value === 'boolean' ? String(value) : typeof value;
  return `${found.toUpperCase()}_VALUE cannot be converted to ${wanted}`;
}
