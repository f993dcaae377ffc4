import type { Value } from '../../provisioning/shape.ts';

const filter = { S3Key: { Rules: [{ Name: 'text', Value: 'text' }] } } as const;

export const notificationShape = {
  EventBridgeConfiguration: { EventBridgeEnabled: 'flag' },
  QueueConfigurations: [{ Event: 'text', Queue: 'text', Filter: filter }],
  LambdaConfigurations: [{ Event: 'text', Function: 'text', Filter: filter }],
  TopicConfigurations: [{ Event: 'text', Topic: 'text', Filter: filter }],
} as const;

/** Templates name one event per configuration where S3 takes a list, and call the parts of a filter otherwise. */
export function bucketNotifications(notifications: Value<typeof notificationShape> = {}) {
  const common = ({ Event, Filter }: { Event?: string; Filter?: Value<typeof filter> }) => ({
    Events: [Event],
    ...(Filter && { Filter: { Key: { FilterRules: Filter.S3Key?.Rules ?? [] } } }),
  });
  const bridge = notifications.EventBridgeConfiguration;
  return {
    // `EventBridgeConfiguration: {}` in a template means enabled, as its one member is true by default.
    ...(bridge && bridge.EventBridgeEnabled !== false && { EventBridgeConfiguration: {} }),
    QueueConfigurations: notifications.QueueConfigurations?.map((one) => ({ ...common(one), QueueArn: one.Queue })),
    TopicConfigurations: notifications.TopicConfigurations?.map((one) => ({ ...common(one), TopicArn: one.Topic })),
    LambdaFunctionConfigurations: notifications.LambdaConfigurations?.map((one) => ({
      ...common(one),
      LambdaFunctionArn: one.Function,
    })),
  };
}
