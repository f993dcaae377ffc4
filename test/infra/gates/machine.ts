import jsonata from 'jsonata';

/** What is wrong with a machine that asl-validator does not see; one sentence each, with the state's name. */
export function machineProblems(definition: any, allowed: MachineWaivers = { waitsForPerson: [] }): string[] {
  return branchProblems(definition, new Set(), allowed);
}

export interface MachineWaivers {
  /** Token tasks that a person answers: they have a deadline, but nobody sends heartbeats. */
  readonly waitsForPerson: readonly string[];
}

/** `outside`: variables that are set before the branch begins, on every way there. */
function branchProblems(branch: any, outside: ReadonlySet<string>, allowed: MachineWaivers): string[] {
  const states = Object.entries<any>(branch.States);
  const problems = states.flatMap(([name, state]) => [
    ...timeProblems(name, state, allowed),
    ...orderProblems(name, state),
    ...wayOutProblems(name, state),
  ]);
  const known = assignedBefore(branch, outside);
  for (const [name, state] of states) {
    const before = known.get(name);
    if (!before) {
      problems.push(`${name}: no way leads here`);
      continue;
    }
    for (const { where, variable } of variablesOf(state)) {
      if (!before.has(variable))
        problems.push(`${name}: ${where} uses $${variable}, which is not set on every way here`);
    }
    if (state.ItemProcessor) {
      // A child of a distributed Map is an execution of its own and sees none of the variables outside.
      const distributed = state.ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';
      problems.push(...branchProblems(state.ItemProcessor, distributed ? new Set() : before, allowed));
    }
  }
  return problems;
}

function timeProblems(name: string, state: any, { waitsForPerson }: MachineWaivers): string[] {
  if (state.Type !== 'Task') return [];
  const problems: string[] = [];
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (!(timeout > 0)) problems.push(`${name}: has no TimeoutSeconds`);
  if (heartbeat >= timeout)
    problems.push(`${name}: HeartbeatSeconds ${heartbeat} is not below TimeoutSeconds ${timeout}`);
  const token = state.Resource.endsWith('.waitForTaskToken');
  if (token && heartbeat === undefined && !waitsForPerson.includes(name))
    problems.push(`${name}: waits for a token without HeartbeatSeconds`);
  if (token && !JSON.stringify(state.Arguments).includes('$states.context.Task.Token'))
    problems.push(`${name}: hands its token to nobody`);
  return problems;
}

function orderProblems(name: string, state: any): string[] {
  return ['Retry', 'Catch'].flatMap((field) => {
    const rules: any[] = state[field] ?? [];
    return rules.flatMap(({ ErrorEquals }, index) => {
      if (!ErrorEquals.includes('States.ALL')) return [];
      if (ErrorEquals.length > 1) return [`${name}: ${field} names States.ALL beside others`];
      return index < rules.length - 1 ? [`${name}: ${field} has States.ALL before its last rule`] : [];
    });
  });
}

function wayOutProblems(name: string, state: any): string[] {
  return state.Type === 'Choice' && !state.Default ? [`${name}: has no Default`] : [];
}

/** For each state that can be reached: the variables that are set whichever way led there. */
function assignedBefore(branch: any, outside: ReadonlySet<string>): Map<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>([[branch.StartAt, outside]]);
  const open: string[] = [branch.StartAt];
  while (open.length > 0) {
    const name = open.pop()!;
    for (const { to, sets } of waysOf(branch.States[name])) {
      const arriving = new Set([...before.get(name)!, ...sets]);
      const known = before.get(to);
      const both = known ? known.intersection(arriving) : arriving;
      if (known && both.size === known.size) continue;
      before.set(to, both);
      open.push(to);
    }
  }
  return before;
}

function waysOf(state: any): { to: string; sets: string[] }[] {
  const names = (assign: object | undefined) => Object.keys(assign ?? {});
  const ways = [
    ...(state.Next ? [{ to: state.Next, sets: names(state.Assign) }] : []),
    ...(state.Default ? [{ to: state.Default, sets: names(state.Assign) }] : []),
  ];
  const rules = [...(state.Catch ?? []), ...(state.Choices ?? [])];
  return [...ways, ...rules.map(({ Next, Assign }: any) => ({ to: Next, sets: names(Assign) }))];
}

const functions = new Set(
  'substringBefore merge exists type string lookup not substring count append boolean number parse min'.split(' '),
);

function variablesOf(state: any): { where: string; variable: string }[] {
  const { ItemProcessor: _, ...own } = state;
  return expressionsOf(own).flatMap(({ where, expression }) =>
    [...variablesIn(jsonata(expression).ast())].map((variable) => ({ where, variable })),
  );
}

function expressionsOf(value: any, where = ''): { where: string; expression: string }[] {
  if (typeof value === 'string') {
    const expression = /^\{%(.*)%\}$/s.exec(value)?.[1];
    return expression === undefined ? [] : [{ where, expression }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => expressionsOf(part, where ? `${where}.${key}` : key));
}

/** Names of variables in an expression's tree, the functions that it calls aside; an unknown function is a name too. */
function variablesIn(node: any, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  if (node.type === 'variable' && node.value !== '' && node.value !== 'states' && !functions.has(node.value))
    found.add(node.value);
  for (const part of Object.values(node)) variablesIn(part, found);
  return found;
}
