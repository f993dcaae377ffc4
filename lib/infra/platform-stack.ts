import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import { Announcer } from './announcer.ts';
import { bundleHandlers } from './bundle/handlers.ts';
import { Catalog } from './catalog.ts';
import { PlatformNameInvalidError } from './errors.ts';
import { Lake } from './lake.ts';
import { OverviewDashboard } from './overview-dashboard.ts';
import { PipelineBus } from './pipeline-bus.ts';
import { RunTable } from './run-table.ts';
import { Trigger } from './trigger.ts';

export interface PlatformStackProps extends StackProps {
  /**
   * Begins the names of everything that people meet in the console, this stack's and its pipelines': 1 to 11 lower-case
   * letters and digits. Default `penstock`.
   */
  readonly name?: string;
  /** Folder of the handlers' source. Default: the package's own. */
  readonly functionsFolder?: string;
}

/** What all pipelines of an account and region share: the lake, catalog, run table, bus, trigger, alarms and dashboard. */
export class PlatformStack extends Stack {
  readonly platformName: string;
  readonly functionsFolder: string | undefined;
  readonly lake: Lake;
  readonly catalog: Catalog;
  readonly runTable: RunTable;
  readonly bus: IEventBus;
  readonly alarms: ITopic;
  readonly trigger: Trigger;
  readonly announcer: Announcer;

  constructor(scope: Construct, id: string, props: PlatformStackProps = {}) {
    super(scope, id, props);
    this.platformName = props.name ?? 'penstock';
    if (!/^[a-z][a-z0-9]{0,10}$/.test(this.platformName)) throw new PlatformNameInvalidError(this.platformName);
    this.functionsFolder = props.functionsFolder;
    this.lake = new Lake(this, 'Lake');
    this.catalog = new Catalog(this, 'Catalog', { name: this.platformName, lake: this.lake });
    this.runTable = new RunTable(this, 'Runs');
    this.bus = new PipelineBus(this, 'Events', { name: this.platformName }).bus;
    this.alarms = new AlarmTopic(this, 'Alarms').topic;
    const bundle = bundleHandlers({
      bundles: { trigger: ['trigger'], announce: ['announce'] },
      folder: props.functionsFolder,
    });
    try {
      this.trigger = new Trigger(this, 'Trigger', {
        name: this.platformName,
        code: bundle.codeOf('trigger'),
        alarms: this.alarms,
        runTable: this.runTable,
      });
      this.announcer = new Announcer(this, 'Announcer', {
        name: this.platformName,
        code: bundle.codeOf('announce'),
        runTable: this.runTable,
        lake: this.lake,
        bus: this.bus,
        alarms: this.alarms,
      });
    } finally {
      bundle.remove();
    }
    new OverviewDashboard(this, 'Overview', { name: this.platformName });
    this.#outputs();
    this.#exports();
  }

  /** What somebody outside needs to put files in, start runs, and listen. */
  #outputs(): void {
    const outputs = {
      LakeName: ['S3 bucket of the lake', this.lake.bucket.bucketName],
      CatalogName: ['Glue database of the curated tables', this.catalog.database],
      RunTableName: ['DynamoDB table of the runs', this.runTable.table.tableName],
      TriggerQueueUrl: ['SQS queue that starts a run for each message', this.trigger.buffer.queue.queueUrl],
      BusName: ['EventBridge bus of the runs', this.bus.eventBusName],
      AlarmTopicArn: ['SNS topic of all alarms', this.alarms.topicArn],
    } as const;
    for (const [name, [description, value]] of Object.entries(outputs))
      new CfnOutput(this, name, { description, value });
  }

  /**
   * All that stacks of pipelines may import, whether one does or not: CloudFormation refuses to take away an export that
   * another stack uses, so a pipeline that needs less, or is gone from the app, would keep this stack from being updated.
   */
  #exports(): void {
    const { bucketArn, bucketName } = this.lake.bucket;
    const { tableArn, tableName } = this.runTable.table;
    const { queue, deadLetters } = this.trigger.buffer;
    const values = [
      ...[bucketArn, bucketName, tableArn, tableName, this.catalog.database],
      ...[this.bus.eventBusArn, this.bus.eventBusName, this.alarms.topicArn],
      ...[queue.queueArn, queue.queueUrl, deadLetters.queueArn, this.trigger.function.function.role!.roleName],
    ];
    for (const value of values) this.exportValue(value);
  }
}
