import type { Connector } from '../component/connector.ts';
import type { Operator } from '../component/operator.ts';

/** The components that a plan names, by name. */
export type Components = Readonly<Record<string, Connector | Operator | unknown>>;

export function componentOf<T>(components: Components, name: string): T {
  const found = components[name];
  if (!found) throw new TypeError(`the worker was bundled without the component ${name}`);
  return found as T;
}
