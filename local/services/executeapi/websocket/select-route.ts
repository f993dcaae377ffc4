import type { Configuration, Route } from '../../apigateway/records.ts';
import { valueAt } from '../../events/json-path.ts';

const predefined = ['$connect', '$disconnect', '$default'];

/** The route that a message takes by the API's selection expression; text that is not JSON goes to `$default`. */
export function selectRoute({ api, routes }: Configuration, message: string): Route | undefined {
  const named = (key: string | undefined) => routes.find(({ RouteKey }) => RouteKey === key);
  const key = routeKeyOf(api.RouteSelectionExpression, message);
  const found = key === undefined || predefined.includes(key) ? undefined : named(key);
  return found ?? named('$default');
}

/** `$request.body.action`, `${request.body.action}` and text made of several such values. */
function routeKeyOf(expression: string, message: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(message);
  } catch {
    return undefined;
  }
  const bare = /^\$request\.body\.([\w.[\]]+)$/.exec(expression);
  if (bare) return textAt(bare[1]!, body);
  return expression.replace(/\$\{request\.body\.([\w.[\]]+)\}/g, (_, path) => textAt(path, body) ?? '');
}

function textAt(path: string, body: unknown): string | undefined {
  const value = valueAt(`$.${path}`, body);
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
