import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Plan } from '../component/plan.ts';
import { executionArns, machineArn } from './machine-arn.ts';
import { LakeAccess, lakePlaces } from './permissions/lake-access.ts';
import type { PipelineFunction } from './pipeline-function.ts';
import type { PlatformStack } from './platform-stack.ts';
import { machineDefinition } from './state-machine/definition.ts';
import { bufferReference, type CalledFunction, functionReference } from './state-machine/references.ts';

export interface PipelineMachineProps {
  readonly machineName: string;
  readonly plan: Plan;
  readonly platform: PlatformStack;
  readonly functions: Readonly<Record<CalledFunction, PipelineFunction>>;
  /** By id of the stage group. */
  readonly buffers: Readonly<Record<string, IQueue>>;
}

/** The pipeline's state machine, with a role that can do just what its definition asks for. */
export class PipelineMachine extends Construct {
  readonly machine: CfnStateMachine;

  constructor(scope: Construct, id: string, props: PipelineMachineProps) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/states/${props.machineName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: { Permissions: new PolicyDocument({ statements: this.#permissions(props) }) },
    });
    this.machine = new CfnStateMachine(this, 'Machine', {
      stateMachineName: props.machineName,
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: JSON.stringify(machineDefinition(props.plan)),
      definitionSubstitutions: this.#substitutions(props),
      loggingConfiguration: {
        level: 'ERROR',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: log.logGroupArn } }],
      },
    });
  }

  #substitutions({ platform, functions, buffers }: PipelineMachineProps): Record<string, string> {
    const called = Object.entries(functions) as [CalledFunction, PipelineFunction][];
    return {
      Partition: Aws.PARTITION,
      LakeBucket: platform.lake.bucket.bucketName,
      ...Object.fromEntries(
        called.map(([name, { function: target }]) => [functionReference(name), target.functionArn]),
      ),
      ...Object.fromEntries(Object.entries(buffers).map(([group, queue]) => [bufferReference(group), queue.queueUrl])),
    };
  }

  #permissions({ machineName, plan, platform, functions, buffers }: PipelineMachineProps): PolicyStatement[] {
    const { staged } = lakePlaces(plan);
    const access = new LakeAccess(platform.lake);
    const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    return [
      allow(
        ['lambda:InvokeFunction'],
        Object.values(functions).map(({ function: target }) => target.functionArn),
      ),
      allow(
        ['sqs:SendMessage'],
        Object.values(buffers).map(({ queueArn }) => queueArn),
      ),
      // A distributed Map starts its children as executions of the machine itself, and watches over them.
      allow(['states:StartExecution'], [machineArn(this, machineName)]),
      allow(
        ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
        executionArns(this, machineName),
      ),
      // Manifests are read, results written. Only staged/ holds either.
      access.read(staged),
      access.create(staged),
      allow(['s3:ListMultipartUploadParts'], [platform.lake.objects(staged)]),
      // IAM knows no resource for the delivery of logs.
      allow(
        [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
        ],
        ['*'],
      ),
    ];
  }
}
