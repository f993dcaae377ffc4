import { AwsError } from '../../aws-error.ts';
import type { JsonObject } from '../../states/json.ts';
import type { StepFunctionsCore } from './core.ts';
import type { AliasRecord } from './records.ts';

const invalid = (what: string) => new AwsError('ValidationException', what);

/** The routing of an alias: one or two versions of one machine whose weights add up to 100. */
export function validRouting(
  core: StepFunctionsCore,
  given: JsonObject[],
): { machineArn: string; routing: AliasRecord['routing'] } {
  const arns: string[] = given.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  if (arns.some((arn) => !/:stateMachine:[^:]+:\d+$/.test(arn))) {
    throw invalid(`Routing configuration must contain state machine version ARNs. Received: [${arns.join(', ')}]`);
  }
  const machineArns = new Set(arns.map((arn) => arn.replace(/:\d+$/, '')));
  if (machineArns.size > 1) throw invalid('Routing configuration must contain versions of one state machine.');
  if (new Set(arns).size < arns.length) throw invalid('Routing configuration must not contain a version twice.');
  for (const arn of arns) {
    if (!core.versions.versions.has(arn)) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
  }
  const total = given.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== 100) throw invalid('Sum of routing configuration weights must equal 100.');
  const routing = given.map(({ stateMachineVersionArn, weight }) => ({ stateMachineVersionArn, weight }));
  return { machineArn: [...machineArns][0]!, routing };
}
