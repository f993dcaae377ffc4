import { Arn, ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** ARN of a state machine by its name. Known before the machine is, so that roles can be complete before it exists. */
export function machineArn(scope: Construct, machineName: string): string {
  return states(scope, 'stateMachine', machineName);
}

/** ARNs of all executions of a machine, the children of its distributed Maps (`<machine>/<label>:<id>`) included. */
export function executionArns(scope: Construct, machineName: string): string[] {
  return [states(scope, 'execution', `${machineName}:*`), states(scope, 'execution', `${machineName}/*`)];
}

function states(scope: Construct, resource: string, resourceName: string): string {
  return Arn.format(
    { service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME },
    Stack.of(scope),
  );
}
