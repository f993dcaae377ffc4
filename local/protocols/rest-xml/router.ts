import type { OperationShape } from './shape.ts';

/** What the address of a request says, decoded. */
export interface RequestTarget {
  readonly method: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Route {
  readonly operation: OperationShape;
  /** Parameters that must be in the query: those written in the path, then required ones. */
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly xId: string | undefined;
}

type Level = 'service' | 'bucket' | 'key';

/** Finds the operation of a request among those that share its method and level: the one that demands the most. */
export class Router {
  readonly #routes = new Map<string, Route[]>();

  constructor(operations: Iterable<OperationShape>) {
    for (const operation of operations) {
      const id = `${operation.method} ${levelOf(operation)}`;
      const routes = this.#routes.get(id) ?? [];
      routes.push(routeOf(operation));
      this.#routes.set(id, routes);
    }
    for (const routes of this.#routes.values()) routes.sort((a, b) => demands(b) - demands(a));
  }

  find(target: RequestTarget): OperationShape | undefined {
    const level: Level = target.key !== undefined ? 'key' : target.bucket !== undefined ? 'bucket' : 'service';
    const found = (this.#routes.get(`${target.method} ${level}`) ?? []).filter((route) => matches(route, target));
    const most = found.filter((route) => demands(route) === demands(found[0]!));
    // Equals are told apart by the hint that SDKs send; without it the plain one comes first.
    const hint = target.query.get('x-id');
    return (most.find((route) => hint !== undefined && route.xId === hint) ?? most[0])?.operation;
  }
}

const demands = (route: Route) => route.query.length + route.headers.length;

function matches(route: Route, { query, headers }: RequestTarget): boolean {
  return route.query.every((name) => query.has(name)) && route.headers.every((name) => headers[name] !== undefined);
}

function levelOf({ path, input }: OperationShape): Level {
  if (path.startsWith('/{Key+}')) return 'key';
  return input.members.some(({ name, in: place }) => name === 'Bucket' && place === 'label') ? 'bucket' : 'service';
}

function routeOf(operation: OperationShape): Route {
  const literals = [...new URLSearchParams(operation.path.split('?')[1] ?? '')];
  const fixed = literals.map(([name]) => name).filter((name) => name !== 'x-id');
  const required = operation.input.members.filter((member) => member.required);
  return {
    operation,
    query: [...fixed, ...required.filter((member) => member.in === 'query').map((member) => member.wireName)],
    headers: required.filter((member) => member.in === 'header').map((member) => member.wireName),
    xId: literals.find(([name]) => name === 'x-id')?.[1],
  };
}
