type Attribute = Readonly<Record<string, unknown>>;

const isText = (value: unknown) => typeof value === 'string';
const isAnswer = (value: unknown) => typeof value === 'boolean';

/** By type, whether a value is what its type says. Those of other types are looked at by dynalite. */
const isOfType: Readonly<Record<string, (value: unknown) => boolean>> = {
  S: isText,
  N: isText,
  BOOL: isAnswer,
  NULL: isAnswer,
  SS: (value) => Array.isArray(value) && value.every(isText),
  L: (value) => Array.isArray(value) && value.every((one) => isTyped(one)),
  M: (value) => areTyped(value),
};

/** The one type that an attribute has; undefined where it has another number of them, or is none. */
function typeOf(attribute: unknown): string | undefined {
  if (typeof attribute !== 'object' || attribute === null || Array.isArray(attribute)) return undefined;
  const types = Object.keys(attribute);
  return types.length === 1 ? types[0] : undefined;
}

function isTyped(attribute: unknown): boolean {
  const type = typeOf(attribute);
  return type !== undefined && Object.hasOwn(isOfType, type) && isOfType[type]!((attribute as Attribute)[type]);
}

function areTyped(attributes: unknown): boolean {
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) return false;
  for (const name of Object.keys(attributes)) if (!isTyped((attributes as Attribute)[name])) return false;
  return true;
}

interface MemberType {
  readonly type?: string;
  readonly children?: unknown;
}

const ofAttributes = (type: MemberType | undefined) =>
  type?.type === 'Map<AttributeValue>' && type.children === 'AttrStruct<ValueStruct>';

type CheckTypes = (data: any, types: Readonly<Record<string, any>>) => any;

/**
 * Dynalite's check of types, which takes each attribute apart and makes it anew, without those that are plainly right: of
 * these it would make the same.
 * @param data nobody else has it
 */
export function checkedPlainly(checkTypes: CheckTypes): CheckTypes {
  return (data, types) => {
    const plain = Object.keys(data).filter((name) => ofAttributes(types[name]) && areTyped(data[name]));
    const rest = { ...data };
    for (const name of plain) delete rest[name];
    const checked = checkTypes(rest, types);
    for (const name of plain) checked[name] = data[name];
    return checked;
  };
}

/** A number as it is stored, with no more digits than one may have. */
const storedNumber = /^(0|-?[1-9]\d{0,30})$/;

function isPlainlyValid(attribute: unknown): boolean {
  const type = typeOf(attribute);
  const value = type && ((attribute as Attribute)[type] as any);
  switch (type) {
    case 'S':
    case 'BOOL':
      return true;
    case 'NULL':
      return value === true;
    case 'N':
      return storedNumber.test(value);
    case 'L':
      return value.every(isPlainlyValid);
    case 'M':
      return Object.values(value).every(isPlainlyValid);
    default:
      return false;
  }
}

type ValidateValue = (attribute: unknown) => string | undefined;

/** Dynalite's check of a value, which makes a large number of each number, without those of which nothing can be said. */
export function validatedPlainly(validate: ValidateValue): ValidateValue {
  return (attribute) => (isPlainlyValid(attribute) ? undefined : validate(attribute));
}
