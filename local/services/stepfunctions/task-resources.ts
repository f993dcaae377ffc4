import { type Member, type ServiceShapes, shapesOf } from '../../protocols/shapes/service-shapes.ts';
import { isSdkName, sdkService } from '../../states/integrations/aws-sdk.ts';
import { capitalized } from '../../states/integrations/names.ts';
import { isObject, type Json } from '../../states/json.ts';
import type { ServiceResource } from '../../states/resource.ts';

/** The actions of the optimized integrations that are here. */
const optimized: Readonly<Record<string, readonly string[]>> = {
  apigateway: ['invoke'],
  dynamodb: ['deleteItem', 'getItem', 'putItem', 'updateItem'],
  events: ['putEvents'],
  lambda: ['invoke'],
  sns: ['publish'],
  sqs: ['sendMessage'],
  states: ['startExecution'],
};

/** Whether AWS has what a task calls, as far as the services that are here can tell. */
export function isRecognized(resource: ServiceResource): boolean {
  const [kind, named] = resource.resourceType.split(':');
  if (kind !== 'aws-sdk') return optimized[kind!]?.includes(resource.action) ?? true;
  if (!isSdkName(named!)) return false;
  const { shapes, operation } = calledBy(resource);
  return !shapes || shapes.structures.has(`${operation}()`) || shapes.elsewhere.has(operation);
}

/** What is wrong with a task's parameters by the shape of the input that they become. */
export function parameterProblems(resource: ServiceResource, parameters: Json): string[] {
  const { shapes, operation } = calledBy(resource);
  const members = shapes?.structures.get(`${operation}()`);
  if (!shapes || !members) return [];
  if (!isObject(parameters)) return ['Expected value of type [OBJECT]'];
  const unknown = unknownFields(shapes, members, parameters);
  const problems = unknown.map((field) => `The field "${field}" is not supported by Step Functions`);
  // The SDK asks the service itself for what is required.
  if (resource.resourceType.startsWith('aws-sdk:')) return problems;
  const missing = members.filter(({ name, required }) => required && parameters[capitalized(name)] === undefined);
  return [...problems, ...missing.map(({ name }) => `The field '${capitalized(name)}' is required but was missing`)];
}

function calledBy({ resourceType, action }: ServiceResource): { shapes: ServiceShapes | undefined; operation: string } {
  const [kind, named] = resourceType.split(':');
  const operation = capitalized(action);
  // What a request to an API may be, only the API knows.
  if (kind === 'apigateway') return { shapes: undefined, operation };
  const { signingName, apart } = kind === 'aws-sdk' ? sdkService(named!) : { signingName: kind!, apart: false };
  return { shapes: apart ? undefined : shapesOf(signingName), operation };
}

/** Whatever the API calls its members, tasks write them with a capital letter. */
function unknownFields(shapes: ServiceShapes, members: readonly Member[], value: Record<string, Json>): string[] {
  return Object.entries(value).flatMap(([field, inner]) => {
    const member = members.find(({ name }) => capitalized(name) === field);
    if (!member) return [field];
    const { type } = member;
    const items = type.kind === 'list' && Array.isArray(inner) ? inner : [inner];
    const element = type.kind === 'list' ? type.of : type;
    if (element.kind !== 'structure') return [];
    const own = shapes.structures.get(element.name)!;
    return items.flatMap((item) => (isObject(item) ? unknownFields(shapes, own, item) : []));
  });
}
