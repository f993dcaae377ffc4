import { CfnRule, type IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EscalationLevel, Plan } from '../component/plan.ts';
import { incidentTypes } from '../core/incident-types.ts';
import { sha256 } from '../core/sha256.ts';
import type { HandlerCode } from './bundle/handlers.ts';
import { functionEnvironment } from './function-environment.ts';
import { machineAlarms } from './machine-alarms.ts';
import { RunTableAccess } from './permissions/run-table-access.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { PlatformStack } from './platform-stack.ts';
import { escalateFunction, escalationDefinition } from './state-machine/escalation.ts';
import { deliveryPatience } from './zoned-schedule.ts';

export interface EscalationProps {
  /** Of the pipeline's machine; begins all names. */
  readonly machineName: string;
  readonly plan: Plan;
  readonly levels: readonly EscalationLevel[];
  readonly platform: PlatformStack;
  readonly code: HandlerCode;
}

/**
 * Tells people of what needs them: a rule on the bus starts an execution for each incident, which tells one level after
 * another and waits in between. While nothing is wrong, it costs nothing but its alarm.
 */
export class Escalation extends Construct {
  constructor(scope: Construct, id: string, props: EscalationProps) {
    super(scope, id);
    const { machineName, plan, levels, platform, code } = props;
    const name = `${machineName}-escalate`;
    const topics = levels.map((level, index) => this.#topicsOf(level, index + 1, machineName));
    const store = new RunTableAccess(platform.runTable, plan);
    const { function: target } = new PipelineFunction(this, 'Chooser', {
      functionName: name,
      description: 'Says whom to tell of what needs a person',
      code,
      memoryMegabytes: 512,
      timeoutSeconds: 60,
      environment: {
        ...functionEnvironment(platform, plan),
        PENSTOCK_ESCALATION_TOPICS: Stack.of(this).toJsonString(topics),
      },
      permissions: [store.runs('GetItem'), store.incidents('PutItem'), store.circuits('GetItem')],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        Permissions: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
            new PolicyStatement({ actions: ['sns:Publish'], resources: topics.flat() }),
          ],
        }),
      },
    });
    const machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: JSON.stringify(escalationDefinition(plan.pipeline)),
      definitionSubstitutions: { Partition: Aws.PARTITION, [escalateFunction]: target.functionArn },
    });
    machineAlarms(this, {
      machineArn: machine.ref,
      topic: platform.alarms,
      description: 'People could not be told of what needs them: see the execution',
    });
    startOnIncidents(this, { ...props, name, machineArn: machine.ref });
  }

  /** A topic of its own for addresses, beside the topics that there are. */
  #topicsOf({ to }: EscalationLevel, level: number, machineName: string): string[] {
    const addresses = to.filter((one) => !one.startsWith('arn:'));
    const others = to.filter((one) => one.startsWith('arn:'));
    if (addresses.length === 0) return others;
    const topic = new CfnTopic(this, `Level${level}`, {
      topicName: `${machineName}-level-${level}`,
      displayName: 'Penstock',
    });
    // By its address and not by its place: AWS subscribes an address once, so that in a list that was put in another order
    // one resource would take over what another one had subscribed, and CloudFormation would then remove it as left over.
    for (const endpoint of addresses)
      new CfnSubscription(this, `Level${level}Receiver${sha256(endpoint).slice(0, 8)}`, {
        topicArn: topic.ref,
        protocol: endpoint.startsWith('https:') ? 'https' : 'email',
        endpoint,
      });
    return [topic.ref, ...others];
  }
}

function startOnIncidents(
  scope: Construct,
  { name, plan, platform, machineArn }: EscalationProps & { readonly name: string; readonly machineArn: string },
): void {
  const bus: IEventBus = platform.bus;
  const deadLetters: IQueue = platform.trigger.buffer.deadLetters;
  const role = new Role(scope, 'RuleRole', {
    assumedBy: new ServicePrincipal('events.amazonaws.com'),
    inlinePolicies: {
      Permissions: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn] })],
      }),
    },
  });
  new CfnRule(scope, 'Rule', {
    name,
    description: `Tells people of what needs them in ${plan.pipeline}`,
    eventBusName: bus.eventBusName,
    eventPattern: {
      source: ['penstock'],
      'detail-type': [...incidentTypes],
      detail: { pipeline: [plan.pipeline] },
    },
    targets: [
      {
        id: 'escalate',
        arn: machineArn,
        roleArn: role.roleArn,
        inputPath: '$.detail',
        retryPolicy: deliveryPatience,
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    ],
  });
}
