import { AwsError } from '../../aws-error.ts';
import type { Call } from './check-input.ts';
import { type ServiceShapes, shapesOf, type Type } from './service-shapes.ts';

/** How the services that do not say ValidationException refuse an input that lacks something. */
const codes: Readonly<Record<string, string>> = {
  apigateway: 'BadRequestException',
  logs: 'InvalidParameterException',
  ses: 'BadRequestException',
  lambda: 'InvalidParameterValueException',
};

/** Those that say in words of their own what is missing. */
const outspoken = new Set(['dynamodb', 'sqs', 'states', 'sns', 'sts', 'monitoring']);

/** Throws where a member that must be there is not, at whatever depth. The types must have been checked. */
export function checkRequired({ service, operation }: Call, input: object): void {
  const shapes = shapesOf(service);
  const name = `${operation}()`;
  if (!shapes?.structures.has(name) || outspoken.has(service)) return;
  const missing = [...missingMembers(shapes, { kind: 'structure', name }, input, '')];
  if (missing.length === 0) return;
  const problems = missing.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  const count = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected`;
  throw new AwsError(codes[service] ?? 'ValidationException', `${count}: ${problems.join('; ')}`);
}

function* missingMembers(shapes: ServiceShapes, type: Type, value: any, path: string): Generator<string> {
  if (type.kind === 'list' || type.kind === 'map') {
    for (const [key, inner] of Object.entries(value)) {
      const place = type.kind === 'list' ? Number(key) + 1 : key;
      yield* missingMembers(shapes, type.of, inner, `${path}.${place}.member`);
    }
  } else if (type.kind === 'structure') {
    for (const { name, type: inner, required } of shapes.structures.get(type.name)!) {
      const at = `${path && `${path}.`}${name[0]!.toLowerCase()}${name.slice(1)}`;
      if (value[name] !== undefined && value[name] !== null) yield* missingMembers(shapes, inner, value[name], at);
      else if (required) yield at;
    }
  }
}
