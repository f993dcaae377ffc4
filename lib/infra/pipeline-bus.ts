import { EventBus } from 'aws-cdk-lib/aws-events';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The bus that carries every change of state of every run, with an archive from which it can be played again. */
export class PipelineBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.name,
      description: 'What happens to the runs of Penstock',
    });
    this.bus.archive('Archive', {
      description: 'One year of events, to be replayed',
      eventPattern: { account: [Stack.of(this).account] },
      retention: Duration.days(365),
    });
  }
}
