import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Arn, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { Buffer } from './buffer.ts';
import type { HandlerCode } from './bundle/handlers.ts';
import { consume, consumePermission } from './consumer.ts';
import { machineArn } from './machine-arn.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { RunTable } from './run-table.ts';

export interface TriggerProps {
  /** Begins the names of the function and of the rules that may send to the queue. */
  readonly name: string;
  readonly code: HandlerCode;
  readonly alarms: ITopic;
  /** Tells which pipelines are paused, and keeps what arrives for them. */
  readonly runTable: RunTable;
}

const timeoutSeconds = 30;

/**
 * The door through which runs begin: rules put trigger messages into the queue, the function starts one execution for
 * each.
 */
export class Trigger extends Construct {
  readonly buffer: Buffer;
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, { name, code, alarms, runTable }: TriggerProps) {
    super(scope, id);
    this.buffer = new Buffer(this, 'Buffer', { consumerTimeoutSeconds: timeoutSeconds, alarms });
    this.function = new PipelineFunction(this, 'Starter', {
      functionName: `${name}-trigger`,
      description: 'Starts one run for each trigger message; a trigger that arrives twice finds the run that exists',
      code,
      memoryMegabytes: 512,
      timeoutSeconds,
      environment: {
        PENSTOCK_RUN_TABLE: runTable.table.tableName,
        PENSTOCK_TRIGGER_QUEUE: this.buffer.queue.queueUrl,
      },
      permissions: [
        consumePermission(this.buffer.queue),
        // To itself, for the end of a window.
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.buffer.queue.queueArn] }),
        // By the prefix of their names, as the rules below: a role has room for some fifty machines by name. A batch is run
        // on the plan that is deployed when it is closed.
        new PolicyStatement({
          actions: ['states:StartExecution', 'states:DescribeStateMachine'],
          resources: [machineArn(this, `${name}-*`)],
        }),
        ...storeAccess(runTable),
      ],
    });
    consume(this, this.function.function, { queue: this.buffer.queue, batchSize: 10, concurrency: 10 });
    // The rules come with the pipelines, later than this queue: they are admitted by the prefix of their names.
    // Those of the platform's own bus, which has its name, stand below that.
    const rules = [`${name}-*`, `${name}/${name}-*`].map((resourceName) =>
      Arn.format({ service: 'events', resource: 'rule', resourceName }, Stack.of(this)),
    );
    for (const queue of [this.buffer.queue, this.buffer.deadLetters]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnLike: { 'aws:SourceArn': rules } },
        }),
      );
    }
  }
}

function storeAccess({ table }: RunTable): PolicyStatement[] {
  const allow = (partitions: readonly string[], ...actions: readonly string[]) =>
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } },
    });
  return [
    // The states of pipelines, and what waits there.
    allow(['STATE#*'], 'GetItem', 'PutItem', 'ConditionCheckItem'),
    // Which files have arrived, and which of them are run together.
    allow(['ARRIVAL#*', 'BATCH#*', 'MEMBERS#*'], 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'),
    allow(['AUDIT#*'], 'PutItem'),
    // Whether a file that comes again is published, or on its way.
    allow(['RUN#*'], 'GetItem'),
    allow(['PIPELINE#*'], 'BatchGetItem'),
  ];
}
