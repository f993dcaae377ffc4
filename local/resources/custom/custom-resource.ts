import { randomUUID } from 'node:crypto';
import { NotSupportedError } from '../../aws-error.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../provisioning/resource-type.ts';
import { mapOf } from '../../provisioning/shape.ts';

/** How long CloudFormation waits for an answer at most, and unless the resource says otherwise, in seconds. */
const longestTimeout = 3600;

interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly properties: Record<string, any>;
  readonly PhysicalResourceId?: string;
  readonly OldResourceProperties?: unknown;
}

/**
 * A resource that a function of the app makes, updates and deletes: CloudFormation's custom resources, with its requests
 * and answers. An update that comes back with another `PhysicalResourceId` replaces the resource.
 */
export function customResource(type: string): ResourceType {
  const ask = async (request: Request, context: ResourceContext): Promise<Provisioned> => {
    const { properties, RequestType, ...rest } = request;
    const { ServiceToken } = properties;
    const TimeoutSeconds = timeoutOf(properties);
    const RequestId = randomUUID();
    const { ResponseURL } = await context.call('cloudformation', 'OpenAnswer', {});
    const waiting = context.call('cloudformation', 'AwaitAnswer', { ResponseURL, TimeoutSeconds });
    const event = {
      RequestType,
      ServiceToken,
      ResponseURL,
      StackId: context.stackIdOf(),
      RequestId,
      LogicalResourceId: context.logicalId,
      ResourceType: type,
      ...rest,
      ...(rest.OldResourceProperties !== undefined && { OldResourceProperties: asText(rest.OldResourceProperties) }),
      ResourceProperties: asText(properties),
    };
    const sent = send(ServiceToken, event, context);
    // What is sent may fail before an answer comes, or long after it: a function need not end with its answer.
    const failed = sent.then(() => new Promise<never>(() => {}));
    waiting.catch(() => {});
    const answer = await context.letTimePass(Promise.race([waiting, failed]));
    if (answer.Status !== 'SUCCESS') {
      throw new Error(`${RequestType} was answered with ${answer.Status}: ${answer.Reason ?? 'no reason given'}`);
    }
    const physicalId = answer.PhysicalResourceId ?? rest.PhysicalResourceId ?? RequestId;
    return { physicalId, attributes: answer.Data ?? {} };
  };
  return {
    type,
    properties: mapOf('json') as any,
    create: (properties, context) => ask({ RequestType: 'Create', properties }, context),
    update: (properties, context, before) =>
      ask(
        {
          RequestType: 'Update',
          properties,
          PhysicalResourceId: before.physicalId,
          OldResourceProperties: before.properties,
        },
        context,
      ),
    async delete(PhysicalResourceId, context, properties) {
      await ask({ RequestType: 'Delete', properties, PhysicalResourceId }, context);
    },
  };
}

function timeoutOf({ ServiceTimeout = longestTimeout }: Record<string, any>): number {
  const seconds = Number(ServiceTimeout);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestTimeout) return seconds;
  throw new Error(
    `ServiceTimeout is ${JSON.stringify(ServiceTimeout)}; allowed are whole seconds from 1 to ${longestTimeout}: change it or leave it out`,
  );
}

async function send(token: unknown, event: object, context: ResourceContext): Promise<void> {
  const service = String(token).split(':')[2];
  if (service !== 'lambda') throw new NotSupportedError(`custom resources behind ${token}: only functions are asked`);
  const Payload = JSON.stringify(event);
  const answer = await context.call('lambda', 'Invoke', { FunctionName: token, Payload });
  if (answer.FunctionError) throw new Error(`the function ${token} failed: ${answer.Payload}`);
}

/** CloudFormation hands every number and flag over as text. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asText(part)]));
}
