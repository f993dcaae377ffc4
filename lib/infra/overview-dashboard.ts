import { Dashboard, GraphWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/**
 * All pipelines on one page. Its graphs search for metrics by the platform's name, so a pipeline appears with its first
 * run and no pipeline has to be known here.
 */
export class OverviewDashboard extends Construct {
  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
    super(scope, id);
    const graph = (title: string, schema: string, terms: string, statistic: string) =>
      new GraphWidget({
        title,
        width: 12,
        left: [
          new MathExpression({
            expression: `SEARCH('{${schema}} ${terms}', '${statistic}', 300)`,
            label: '',
            period: Duration.minutes(5),
          }),
        ],
      });
    // A word without quotes is looked for among the words of a value; in quotes it would have to be the whole value.
    const machines = `StateMachineArn=${name}`;
    const functions = `FunctionName=${name}`;
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      widgets: [
        [
          graph('Runs completed', 'AWS/States,StateMachineArn', `MetricName="ExecutionsSucceeded" ${machines}`, 'Sum'),
          graph('Runs failed', 'AWS/States,StateMachineArn', `MetricName="ExecutionsFailed" ${machines}`, 'Sum'),
        ],
        [
          graph('Duration of runs', 'AWS/States,StateMachineArn', `MetricName="ExecutionTime" ${machines}`, 'Average'),
          graph('Errors of functions', 'AWS/Lambda,FunctionName', `MetricName="Errors" ${functions}`, 'Sum'),
        ],
        [
          graph(
            'Age of the oldest message',
            'AWS/SQS,QueueName',
            `MetricName="ApproximateAgeOfOldestMessage" QueueName=${name}`,
            'Maximum',
          ),
          graph(
            'Concurrent calls',
            'AWS/Lambda,FunctionName',
            `MetricName="ConcurrentExecutions" ${functions}`,
            'Maximum',
          ),
        ],
      ],
    });
  }
}
