import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarm } from './alarm.ts';
import type { HandlerCode } from './bundle/handlers.ts';
import type { Lake } from './lake.ts';
import { PipelineFunction } from './pipeline-function.ts';
import type { RunTable } from './run-table.ts';

export interface AnnouncerProps {
  /** Begins the function's name. */
  readonly name: string;
  readonly code: HandlerCode;
  readonly runTable: RunTable;
  readonly lake: Lake;
  readonly bus: IEventBus;
  readonly alarms: ITopic;
}

const timeoutSeconds = 60;

const written = { eventName: FilterRule.or('INSERT', 'MODIFY') };

/** Items of the run table whose changes are events, by the beginning of a key. */
const told = [
  { ...written, dynamodb: { Keys: { sk: { S: FilterRule.or('RUN', 'STATE') } } } },
  { ...written, dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('EVENT#') } } } },
  { ...written, dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('AUDIT#') } } } },
  { ...written, dynamodb: { Keys: { pk: { S: FilterRule.isEqual('CIRCUIT') } } } },
  { eventName: FilterRule.isEqual('REMOVE'), dynamodb: { Keys: { pk: { S: FilterRule.beginsWith('KEPT#') } } } },
];

/**
 * Tells the bus of every change of the run table that is an event, and archives it. It reads the table's stream, so what
 * is written is told, whoever wrote it and whatever became of them; a batch that fails comes again for a day.
 */
export class Announcer extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: AnnouncerProps) {
    super(scope, id);
    const { name, code, runTable, lake, bus, alarms } = props;
    const stream = runTable.table.tableStreamArn!;
    this.function = new PipelineFunction(this, 'Teller', {
      functionName: `${name}-announce`,
      description: 'Archives every change of state of pipelines and runs, and tells the bus of it',
      code,
      memoryMegabytes: 512,
      timeoutSeconds,
      environment: {
        PENSTOCK_LAKE: lake.bucket.bucketName,
        PENSTOCK_BUS: bus.eventBusName,
        PENSTOCK_RUN_TABLE: runTable.table.tableName,
      },
      permissions: [
        new PolicyStatement({
          actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
          resources: [stream],
        }),
        new PolicyStatement({
          actions: ['dynamodb:ListStreams'],
          resources: [`${runTable.table.tableArn}/stream/*`],
        }),
        new PolicyStatement({
          actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
          resources: [lake.objects('events/')],
        }),
        // The error log and no run, table or claim.
        new PolicyStatement({
          actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
          resources: [runTable.table.tableArn],
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ERRORS', 'ERROR#*'] } },
        }),
        new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
      ],
    });
    new EventSourceMapping(this, 'Stream', {
      target: this.function.function,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      bisectBatchOnError: true,
      filters: told.map((pattern) => FilterCriteria.filter(pattern)),
    });
    alarm(this, 'LateAlarm', {
      description: 'Events are told late: the log of the function that announces them says why',
      metric: this.function.function.metric('IteratorAge', { period: Duration.minutes(5), statistic: 'Maximum' }),
      above: Duration.minutes(15).toMilliseconds(),
      topic: alarms,
    });
  }
}
