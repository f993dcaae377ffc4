import { defineResource, type ResourceContext, type ResourceType } from '../../provisioning/resource-type.ts';
import type { ObjectShape } from '../../provisioning/shape.ts';

interface ApiPart {
  readonly type: string;
  /** As the operations name it: `Route`. */
  readonly noun: string;
  /** The member that identifies one, which `Ref` gives: `RouteId`. */
  readonly id: string;
  readonly properties: ObjectShape;
  /** Properties besides ApiId whose change makes a new one. */
  readonly replacedBy?: readonly string[];
  /** False where any change makes a new one. Default true. */
  readonly updates?: boolean;
  /** What the operations take where they differ from the template. */
  input?(properties: any): object;
}

/** A resource that is part of an API: its operations are all alike. */
export function apiPart(part: ApiPart): ResourceType {
  const { type, noun, id, properties, replacedBy = [], updates = true, input = (given) => given } = part;
  const put = async (operation: string, wanted: object, { call }: ResourceContext) => {
    const made = await call('apigateway', `${operation}${noun}`, wanted);
    return { physicalId: made[id], attributes: { [id]: made[id] } };
  };
  return defineResource({
    type,
    properties,
    replacedBy: ['ApiId', ...replacedBy],
    create: (wanted, context) => put('Create', input(wanted), context),
    ...(updates && {
      update: (wanted, context, { physicalId, properties: before }) =>
        put('Update', { ...dropped(input(before), input(wanted)), ...input(wanted), [id]: physicalId }, context),
    }),
    async delete(physicalId, { attempt }, { ApiId, ...rest }) {
      const owner = rest.RouteId === undefined ? { ApiId } : { ApiId, RouteId: rest.RouteId };
      await attempt(['NotFoundException'], 'apigateway', `Delete${noun}`, { ...owner, [id]: physicalId });
    },
  });
}

/** What a template no longer says goes back to its default. */
export function dropped(before: object, wanted: object): Record<string, null> {
  return Object.fromEntries(
    Object.keys(before)
      .filter((name) => !(name in wanted))
      .map((name) => [name, null]),
  );
}
