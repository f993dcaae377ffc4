import { placeWithout } from '../component/parameter-place.ts';
import type { PlanNode } from '../component/plan.ts';
import type { Definition, DefinitionSource, Problem } from '../definition/index.ts';

/** Files whose arrival starts a run that no source would read them in, so that each such run fails. */
export function arrivalProblems(nodes: readonly PlanNode[], { on, nodes: definition }: Definition): Problem[] {
  const main = new Set(nodes.flatMap((node) => (node.kind === 'source' && node.use === 'main' ? [node.id] : [])));
  const sources = definition.filter((one): one is DefinitionSource => one.kind === 'source');
  const read = sources.filter(({ id }) => main.has(id)).flatMap(placeOf);
  return on.flatMap(({ trigger, at }) => {
    if (trigger.kind !== 'file' || read.some((place) => meet(place, trigger.prefix))) return [];
    const aside = sources.find((source) => placeOf(source).some((place) => meet(place, trigger.prefix)));
    return [
      {
        at,
        part: 'on / fileArrives',
        problem: aside
          ? `"${aside.id}" is looked up in or joined to, so no run is about one of its files`
          : 'no source reads the files that would start a run',
        received: trigger.prefix,
        allowed: read.length > 0 ? read : 'a trigger that is not about files: no source takes files that arrive',
        change:
          read.length > 0 ? 'name a prefix that a source reads' : 'start runs by every(), cron(), after() or event()',
      },
    ];
  });
}

/** Of what a source reads, the part that no parameter changes; none for a table. */
function placeOf({ connector, options }: DefinitionSource): readonly string[] {
  const objects = connector.source!.objects(options);
  if ('table' in objects) return [];
  return [placeWithout('key' in objects ? objects.key : objects.prefix)];
}

/** Whether something may lie in both. */
function meet(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
