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
  if (new Set(arns).size < arns.length) {
    const list = arns.join(', ');
    throw invalid(`Routing configuration must contain distinct state machine version ARNs. Received: [${list}]`);
  }
  const weights: number[] = given.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
    throw invalid(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`);
  }
  if (arns.some((arn) => !core.versions.versions.has(arn))) {
    throw new AwsError('ResourceNotFound', 'Request references a resource that does not exist.');
  }
  const routing = given.map(({ stateMachineVersionArn, weight }) => ({ stateMachineVersionArn, weight }));
  return { machineArn: [...machineArns][0]!, routing };
}
