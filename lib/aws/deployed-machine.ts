import { DescribeStateMachineCommand, paginateListStateMachines, type SFNClient } from '@aws-sdk/client-sfn';
import { InputMissingError } from '../core/errors/input-missing-error.ts';
import { planDigestOf } from '../core/plan-comment.ts';
import { translateFailure } from './translate-failure.ts';

export interface DeployedMachine {
  readonly stateMachineArn: string;
  readonly planDigest: string;
}

/** The state machine of a pipeline that is deployed now. Throws `InputMissingError` where there is none. */
export async function deployedMachine(client: SFNClient, name: string): Promise<DeployedMachine> {
  return translateFailure('states:DescribeStateMachine', async () => {
    for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
      const stateMachineArn = stateMachines.find((one) => one.name === name)?.stateMachineArn;
      if (stateMachineArn === undefined) continue;
      const { definition = '{}' } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
      const planDigest = planDigestOf((JSON.parse(definition) as { Comment?: string }).Comment);
      if (planDigest !== undefined) return { stateMachineArn, planDigest };
    }
    throw new InputMissingError({
      problem: 'the pipeline is not deployed, so nothing can be run on it',
      received: `no state machine "${name}" with a plan`,
      change: 'deploy the pipeline, or start `npx penstock local` in its folder',
    });
  });
}

/** ARN of one of its executions, by the run's id. */
export function executionArn(stateMachineArn: string, run: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${run}`;
}
