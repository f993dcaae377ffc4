import { NotSupportedError } from '../aws-error.ts';
import { TemplateError } from '../template/scope.ts';

/**
 * What a resource type understands of its properties. `text`, `number` and `flag` are converted from what templates write
 * for them (parameters are always text), `json` is taken whole. Anything that a shape does not name is refused.
 */
export type Shape = 'text' | 'number' | 'flag' | 'json' | WithoutEffect | MapOf<any> | ListShape | ObjectShape;
export type ListShape = readonly [Shape];
export interface ObjectShape {
  readonly [member: string]: Shape;
}

class WithoutEffect {
  readonly whyWithout: string;
  constructor(why: string) {
    this.whyWithout = why;
  }
}

class MapOf<S = unknown> {
  readonly memberShape: S;
  constructor(memberShape: S) {
    this.memberShape = memberShape;
  }
}

/** A property that may be set and changes nothing on this machine; `reason` says why that is no loss. */
export const withoutEffect = (reason: string): WithoutEffect => new WithoutEffect(reason);

/** An object whose keys are the user's own, such as the variables of an environment. */
export const mapOf = <const S extends Shape>(values: S): MapOf<S> => new MapOf(values);

/** Tags are for people, bills and access rules by tag, which local IAM refuses by name. */
export const tags = withoutEffect('tags name things for people and bills');

/** The value that `read` gives for a shape. */
export type Value<S> = S extends 'text'
  ? string
  : S extends 'number'
    ? number
    : S extends 'flag'
      ? boolean
      : S extends 'json'
        ? any
        : S extends WithoutEffect
          ? undefined
          : S extends readonly [infer M]
            ? Value<M>[]
            : S extends MapOf<infer M>
              ? Record<string, Value<M>>
              : string extends keyof S
                ? any
                : { readonly [K in keyof S]?: Value<S[K]> };

/**
 * Reads resolved properties by their shape. Throws NotSupportedError naming the first property that the shape does not
 * know, TemplateError for a value of the wrong kind. `place` is the type and the resource, for those messages.
 */
export function readProperties<const S extends ObjectShape>(shape: S, properties: unknown, place: string): Value<S> {
  return readShape(shape, properties ?? {}, place, '') as Value<S>;
}

function readShape(shape: Shape, value: unknown, place: string, path: string): unknown {
  if (shape === 'json') return value;
  if (typeof shape === 'string') return readLeaf(shape, value, place, path);
  if (shape instanceof WithoutEffect) return undefined;
  if (isList(shape))
    return [value].flat().map((member, index) => readShape(shape[0], member, place, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('an object', value, place, path);
  const members = Object.entries(value).map(([name, part]) => {
    const inner = path ? `${path}.${name}` : name;
    const member: Shape | undefined =
      shape instanceof MapOf ? shape.memberShape : Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!member) throw new NotSupportedError(`the property ${inner} of ${place}`);
    return [name, readShape(member, part, place, inner)] as const;
  });
  return Object.fromEntries(members.filter(([, part]) => part !== undefined));
}

function readLeaf(shape: 'text' | 'number' | 'flag', value: unknown, place: string, path: string): unknown {
  const text = typeof value === 'object' ? undefined : String(value);
  if (shape === 'text' && text !== undefined) return text;
  if (shape === 'number' && text && Number.isFinite(Number(text))) return Number(text);
  if (shape === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  throw wrong(shape === 'flag' ? 'true or false' : shape === 'text' ? 'text' : 'a number', value, place, path);
}

function wrong(expected: string, value: unknown, place: string, path: string): TemplateError {
  return new TemplateError(place, `the property ${path} must be ${expected}, not ${JSON.stringify(value)}`);
}

function isList(shape: Shape): shape is ListShape {
  return Array.isArray(shape);
}
