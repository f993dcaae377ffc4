import { hasNoNeedOfProvider } from '../resources/registry.ts';
import { getAttParts } from '../template/intrinsics/lookups.ts';
import type { TemplateResource } from '../template/template.ts';

type Resources = ReadonlyMap<string, TemplateResource>;

/**
 * The functions, and their layers, that nothing in a stack needs but custom resources that local AWS brings about by
 * itself. They are not made: the CDK's own are written in Python, which local Lambda does not run.
 */
export async function idleProviders(resources: Resources): Promise<Set<string>> {
  const served = new Map<string, string>();
  for (const [id, { Type, Properties }] of resources) {
    const provider = providerOf(Properties?.ServiceToken);
    if (provider && (await hasNoNeedOfProvider(Type))) served.set(id, provider);
  }
  const idle = new Set(served.values());
  for (const id of idle) if (isNamed(id, resources, served)) idle.delete(id);
  for (const [id, { Type }] of resources) {
    if (Type !== 'AWS::Lambda::LayerVersion') continue;
    const users = [...resources].filter(([, resource]) => names(resource, id)).map(([user]) => user);
    if (users.length && users.every((user) => idle.has(user))) idle.add(id);
  }
  return idle;
}

function providerOf(token: unknown): string | undefined {
  if (typeof token !== 'object' || token === null || !('Fn::GetAtt' in token)) return undefined;
  return getAttParts(token['Fn::GetAtt'])[0];
}

/** Whether anything but the custom resources that it serves speaks of a function. */
function isNamed(id: string, resources: Resources, served: ReadonlyMap<string, string>): boolean {
  return [...resources].some(([user, resource]) => served.get(user) !== id && user !== id && names(resource, id));
}

const names = ({ Properties, DependsOn }: TemplateResource, id: string): boolean =>
  JSON.stringify([Properties, DependsOn]).includes(JSON.stringify(id));
