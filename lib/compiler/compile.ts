import { createHash } from 'node:crypto';
import type { Plan } from '../component/plan.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { type Definition, DefinitionInvalidError, levelOf } from '../definition/index.ts';
import { referenceNodes } from '../definition/references.ts';
import { Typing } from '../engine/typing.ts';
import { arrivalProblems } from './arrival-problems.ts';
import { classifyNodes, clearanceProblems } from './classify.ts';
import { damageProblems } from './damage-problems.ts';
import { disclosureProblems } from './disclosures.ts';
import { incrementalProblems } from './incremental.ts';
import { orderProblems } from './order-problems.ts';
import { overlapOf, overlapProblems } from './overlap.ts';
import { parameterPlaces, unusedParameters } from './parameter-places.ts';
import { promiseProblems } from './promises.ts';
import { canBind, planQuality, problemsAsFarAsKnown } from './quality.ts';
import { routeProblems } from './routes.ts';
import { cutStages, travelProblems } from './stages.ts';
import { typeNodes } from './typed-nodes.ts';

/**
 * Turns a definition into its plan: every step typed from the contracts to the sinks, cut into stages. The same
 * definition gives the same plan on every machine. Throws `DefinitionInvalidError` with all problems at once.
 */
export async function compile(definition: Definition): Promise<Plan> {
  const typing = await Typing.open(definition.parameters);
  try {
    const { nodes: typed, problems } = await typeNodes(definition, typing);
    const nodes = classifyNodes(typed, definition.nodes);
    problems.push(...clearanceProblems(nodes, definition.nodes));
    // Where a branch fails, its routes are missing for that reason alone.
    if (problems.length === 0) problems.push(...routeProblems(nodes, definition.nodes));
    const quality = canBind(definition.quality, definition.nodes, nodes)
      ? await planQuality(definition.quality, nodes, typing)
      : { rules: [], problems: await problemsAsFarAsKnown(definition.quality, nodes, typing) };
    problems.push(...quality.problems);
    const stages = problems.length === 0 ? cutStages(nodes, referenceNodes(nodes)) : [];
    problems.push(...incrementalProblems(nodes, definition.nodes), ...overlapProblems(nodes, definition));
    if (problems.length === 0) problems.push(...arrivalProblems(nodes, definition));
    problems.push(...damageProblems(definition));
    const places = parameterPlaces(definition);
    problems.push(...places.problems);
    if (problems.length === 0)
      problems.push(...unusedParameters(definition, places.taken.union(typing.parametersTaken)));
    problems.push(...travelProblems(stages, nodes, definition.nodes), ...orderProblems(nodes, definition));
    if (problems.length === 0)
      problems.push(...disclosureProblems({ definition, nodes, stages, rules: quality.rules }));
    if (problems.length === 0) problems.push(...promiseProblems({ definition, nodes, rules: quality.rules }));
    if (problems.length > 0) throw new DefinitionInvalidError(definition.name, problems);
    const { afterDeadline, emptied, ...gate } = definition.gate;
    const { overlap, shares = {}, escalate, parameters } = definition;
    const plan: Omit<Plan, 'digest'> = {
      planVersion: 1,
      pipeline: definition.name,
      triggers: definition.on.map(({ trigger }) => trigger),
      nodes,
      stages,
      quality: quality.rules,
      gate: {
        ...gate,
        review: gate.review ?? gate.pass,
        ...(afterDeadline !== 'reject' && { afterDeadline }),
        ...(emptied !== 'fail' && { emptied }),
      },
      ...(definition.rejects && { rejects: definition.rejects }),
      resources: definition.resources,
      ...overlapOf(overlap, nodes),
      ...(Object.keys(shares).length > 0 && { shares }),
      ...(escalate && { escalate: escalate.map(levelOf) }),
      ...(Object.keys(parameters).length > 0 && { parameters }),
    };
    return { ...plan, digest: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
  } finally {
    typing.close();
  }
}
