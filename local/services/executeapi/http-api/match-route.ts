import type { Route } from '../../apigateway/records.ts';

export interface MatchedRoute {
  readonly route: Route;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The route of an HTTP API that a request takes: the most specific path first (a literal before a variable, a variable
 * before the rest of the path), then the method before ANY; `$default` is for what nothing else matches. `path` is as it
 * was sent, without the stage.
 */
export function matchRoute(routes: readonly Route[], method: string, path: string): MatchedRoute | undefined {
  const sent = segmentsOf(path);
  const matches = routes.flatMap((route) => {
    const [verb, template] = route.RouteKey.split(' ') as [string, string?];
    if (template === undefined || (verb !== 'ANY' && verb !== method)) return [];
    const wanted = segmentsOf(template);
    const pathParameters = bind(wanted, sent);
    return pathParameters ? [{ route, pathParameters, rank: [...wanted.map(rankOf), verb === 'ANY' ? 1 : 0] }] : [];
  });
  const [best] = matches.sort((a, b) => compare(a.rank, b.rank));
  if (best) return { route: best.route, pathParameters: best.pathParameters };
  const fallback = routes.find(({ RouteKey }) => RouteKey === '$default');
  return fallback && { route: fallback, pathParameters: {} };
}

const segmentsOf = (path: string) => path.split('/').slice(1);

function bind(wanted: readonly string[], sent: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const [, name, greedy] = /^\{([^+}]+)(\+)?\}$/.exec(segment) ?? [];
    const value = greedy ? sent.slice(index).join('/') : sent[index];
    if (name === undefined) {
      if (value === undefined || decoded(value) !== segment) return undefined;
    } else if (!value) {
      return undefined;
    } else {
      parameters[name] = decoded(value);
    }
    if (greedy) return parameters;
  }
  return wanted.length === sent.length ? parameters : undefined;
}

/** Text that is not escaped properly stands for itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const rankOf = (segment: string) => (segment.endsWith('+}') ? 2 : segment.startsWith('{') ? 1 : 0);

function compare(a: readonly number[], b: readonly number[]): number {
  const difference = a.findIndex((rank, index) => rank !== b[index]);
  return difference < 0 ? 0 : a[difference]! - (b[difference] ?? 0);
}
