import { CfnRule, type CfnRuleProps, type IEventBus } from 'aws-cdk-lib/aws-events';
import { CfnEventInvokeConfig, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { PipelineFunction } from './pipeline-function.ts';

export interface EndedExecutionsProps {
  readonly machineName: string;
  readonly pipeline: string;
  readonly bus: IEventBus;
  readonly machineArn: string;
  /** The function that compensates. */
  readonly compensate: PipelineFunction;
  /** Takes the events that could not be dealt with. */
  readonly deadLetters: IQueue;
}

const patience = { maximumEventAgeInSeconds: 21_600, maximumRetryAttempts: 185 };

/**
 * Tells compensation of executions that were stopped, or ran out of time as a whole: no state of theirs sees that. And
 * of those that failed, because the state that compensates may be what failed; a run that has ended stays as it is.
 */
export class EndedExecutions extends Construct {
  constructor(scope: Construct, id: string, props: EndedExecutionsProps) {
    super(scope, id);
    const { functionName } = props.compensate.function;
    this.#compensateOn(props, 'Rule', 'MayCall', {
      name: `${props.machineName}-ended`,
      description: 'Undoes runs whose execution has ended otherwise than well',
      eventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [props.machineArn], status: ['ABORTED', 'TIMED_OUT', 'FAILED'] },
      },
    });
    this.#compensateOn(props, 'ExpiredRule', 'MayCallExpired', {
      name: `${props.machineName}-expired`,
      description: 'Removes what was kept of failed runs that nobody has redriven',
      eventBusName: props.bus.eventBusName,
      eventPattern: {
        source: ['penstock'],
        'detail-type': ['RedriveExpired'],
        detail: { pipeline: [props.pipeline] },
      },
    });
    new CfnEventInvokeConfig(this, 'Retries', {
      functionName,
      qualifier: '$LATEST',
      maximumEventAgeInSeconds: patience.maximumEventAgeInSeconds,
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: props.deadLetters.queueArn } },
    });
  }

  /** A rule whose events go to the function that compensates, and its permission to call it. */
  #compensateOn(props: EndedExecutionsProps, ruleId: string, permissionId: string, events: CfnRuleProps): void {
    const { functionArn } = props.compensate.function;
    const rule = new CfnRule(this, ruleId, {
      ...events,
      targets: [
        {
          id: 'compensate',
          arn: functionArn,
          inputPath: '$.detail',
          retryPolicy: patience,
          deadLetterConfig: { arn: props.deadLetters.queueArn },
        },
      ],
    });
    new CfnPermission(this, permissionId, {
      functionName: functionArn,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }
}
