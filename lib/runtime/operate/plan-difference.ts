import type { Plan } from '../../component/plan.ts';
import { canonicalJson } from '../../core/canonical-json.ts';

/** One part of a plan that is not as it was. */
export interface PlanChange {
  readonly what: 'source' | 'step' | 'output' | 'rule' | 'setting';
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a part that is changed: the names of its members that are. */
  readonly members?: readonly string[];
}

type Parts = ReadonlyMap<string, { readonly what: PlanChange['what']; readonly value: object }>;

/** Which parts of a plan another one does not have, has besides, or has otherwise; sources, steps and outputs first. */
export function planDifference(before: Plan, after: Plan): readonly PlanChange[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((key): PlanChange[] => {
    const [was, is] = [old.get(key), now.get(key)];
    const common = { what: (is ?? was)!.what, name: key.slice(key.indexOf(' ') + 1) };
    if (!was) return [{ ...common, change: 'added' }];
    if (!is) return [{ ...common, change: 'removed' }];
    const members = changedMembers(was.value, is.value);
    return members.length > 0 ? [{ ...common, change: 'changed', members }] : [];
  });
}

function partsOf({ nodes, quality, gate, resources, ...plan }: Plan): Parts {
  const { rejects = {}, overlap = {}, shares = {}, parameters = {}, triggers, escalate = [] } = plan;
  const settings = {
    gate,
    rejects,
    resources,
    overlap,
    shares,
    parameters,
    triggers: { ...triggers },
    escalate: { ...escalate },
  };
  const parts: [string, { readonly what: PlanChange['what']; readonly value: object }][] = [
    ...nodes.map((node): (typeof parts)[number] => [`node ${node.id}`, { what: node.kind, value: node }]),
    ...quality.map((rule): (typeof parts)[number] => [`rule ${rule.id}`, { what: 'rule', value: rule }]),
    ...Object.entries(settings).map(([name, value]): (typeof parts)[number] => [
      `setting ${name}`,
      { what: 'setting', value },
    ]),
  ];
  return new Map(parts);
}

function changedMembers(before: object, after: object): string[] {
  const [old, now] = [before, after] as Record<string, unknown>[];
  const names = new Set([...Object.keys(old!), ...Object.keys(now!)]);
  return [...names].filter((name) => canonicalJson({ value: old![name] }) !== canonicalJson({ value: now![name] }));
}
