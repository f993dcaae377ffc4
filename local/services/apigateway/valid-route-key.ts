import { badRequest } from './errors.ts';

const method = /^(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|ANY)$/;
const literal = /^[^{}\s?#]+$/;
const variable = /^\{[\w.:-]+\}$/;
const greedy = /^\{[\w.:-]+\+\}$/;

/** Throws BadRequestException for a key that an HTTP API does not understand. */
export function checkHttpRouteKey(key: unknown): void {
  if (key === '$default') return;
  const [verb, path, ...rest] = String(key).split(' ');
  const segments = path?.split('/').slice(1) ?? [];
  const legal =
    rest.length === 0 &&
    method.test(verb!) &&
    path?.startsWith('/') &&
    (path === '/' ||
      segments.every(
        (segment, index) =>
          literal.test(segment) ||
          variable.test(segment) ||
          (greedy.test(segment) && index === segments.length - 1) ||
          (segment === '' && index === segments.length - 1),
      ));
  if (!legal) {
    throw badRequest(
      `The provided route key "${key}" is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"`,
    );
  }
  const names = segments.filter((segment) => segment.startsWith('{')).map((segment) => segment.replace('+', ''));
  if (new Set(names).size < names.length) throw badRequest(`The route key "${key}" names a path parameter twice`);
}
