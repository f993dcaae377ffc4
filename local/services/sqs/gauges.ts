import type { ServiceMetric } from '../../service.ts';
import type { Queues } from './queues.ts';

/** What CloudWatch is told of every queue once a minute. */
export function queueGauges(queues: Queues): ServiceMetric[] {
  return queues.all().flatMap((queue) => {
    const counts = queue.count();
    const gauge = (name: string, value: number, unit = 'Count'): ServiceMetric => ({
      namespace: 'AWS/SQS',
      name,
      dimensions: { QueueName: queue.record.name },
      value,
      unit,
    });
    let oldest = queues.cloud.clock.now();
    for (const { content } of queue.messages.values()) oldest = Math.min(oldest, content.sentAt);
    return [
      gauge('ApproximateNumberOfMessagesVisible', counts.visible),
      gauge('ApproximateNumberOfMessagesNotVisible', counts.inFlight),
      gauge('ApproximateNumberOfMessagesDelayed', counts.delayed),
      gauge('ApproximateAgeOfOldestMessage', Math.floor((queues.cloud.clock.now() - oldest) / 1000), 'Seconds'),
    ];
  });
}
