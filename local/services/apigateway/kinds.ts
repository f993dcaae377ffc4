import type { Operation } from '../../service.ts';
import { type ApiCore, autoDeploy } from './deploy.ts';
import { refuseUnknown } from './errors.ts';
import { paginate } from './paginate.ts';
import type { Api } from './records.ts';
import type { Parts } from './state.ts';

/** A kind of part that an API has: its five operations differ only in what is legal and what it becomes. */
export interface Kind<T extends object> {
  /** `Route`: the operations are CreateRoute, UpdateRoute, GetRoute, GetRoutes and DeleteRoute. */
  readonly noun: string;
  /** The member that identifies one: `RouteId`. */
  readonly id: string;
  /** Members that callers may set. */
  readonly members: readonly string[];
  readonly parts: Parts<T>;
  /** The part that `wanted` describes. Throws BadRequestException or ConflictException for what is not legal. */
  make(wanted: any, place: Place<T>): Promise<T> | T;
  /** Called before one is deleted; throws where it is still needed. */
  release?(item: T, api: Api): void;
}

export interface Place<T> {
  readonly api: Api;
  /** The part as it was before an update; undefined where it is new. */
  readonly previous?: T;
}

/** The operations of a kind, by name. */
export function kindOperations<T extends object>(core: ApiCore, kind: Kind<T>): Record<string, Operation> {
  const { noun, id, members, parts } = kind;
  const owned = ['ApiId', id];
  const keep = (api: Api, item: T) => {
    core.cloud.store.transaction(() => {
      parts.set(api.ApiId, (item as any)[id], item);
      autoDeploy(core, api.ApiId);
    });
    return shown(parts.find(api.ApiId, (item as any)[id])!);
  };
  return {
    async [`Create${noun}`](input) {
      refuseUnknown(`Create${noun}`, input, ['ApiId', ...members]);
      const api = core.state.api(input.ApiId);
      return keep(api, await kind.make(given(input, members), { api }));
    },
    async [`Update${noun}`](input) {
      refuseUnknown(`Update${noun}`, input, [...owned, ...members]);
      const api = core.state.api(input.ApiId);
      const previous = parts.get(api.ApiId, input[id]);
      const wanted = merged(previous, input, members);
      return keep(api, await kind.make(wanted, { api, previous }));
    },
    async [`Get${noun}`](input) {
      refuseUnknown(`Get${noun}`, input, owned);
      return shown(parts.get(core.state.api(input.ApiId).ApiId, input[id]));
    },
    async [`Get${noun}s`](input) {
      refuseUnknown(`Get${noun}s`, input, ['ApiId', 'MaxResults', 'NextToken']);
      const { Items, NextToken } = paginate(parts.of(core.state.api(input.ApiId).ApiId), input);
      return { Items: Items.map(shown), NextToken };
    },
    async [`Delete${noun}`](input) {
      refuseUnknown(`Delete${noun}`, input, owned);
      const api = core.state.api(input.ApiId);
      const item = parts.get(api.ApiId, input[id]);
      kind.release?.(item, api);
      core.cloud.store.transaction(() => {
        parts.delete(api.ApiId, input[id]);
        autoDeploy(core, api.ApiId);
      });
      return {};
    },
  };
}

/** The settable members of an input; null is a member that goes back to its default. */
export function given(input: any, members: readonly string[]): any {
  return Object.fromEntries(members.filter((name) => input[name] != null).map((name) => [name, input[name]]));
}

/** What a thing would be after an update that names some of its members. */
export function merged(previous: any, input: any, members: readonly string[]): any {
  const kept = members.filter((name) => input[name] === undefined);
  return { ...given(previous, kept), ...given(input, members) };
}

/** A record as the API prints it: times as dates, and nothing that callers are not to see. */
export function shown<T extends object>({ snapshot: _, ...record }: T & { snapshot?: unknown }): any {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, name.endsWith('Date') ? new Date(value as string) : value]),
  );
}
