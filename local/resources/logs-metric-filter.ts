import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = {
  LogGroupName: 'text',
  FilterName: 'text',
  FilterPattern: 'text',
  MetricTransformations: [
    {
      MetricName: 'text',
      MetricNamespace: 'text',
      MetricValue: 'text',
      DefaultValue: 'number',
      Dimensions: [{ Key: 'text', Value: 'text' }],
      Unit: 'text',
    },
  ],
} as const;

async function put(filter: Value<typeof properties>, context: ResourceContext, filterName: string) {
  const { LogGroupName: logGroupName, FilterPattern: filterPattern, MetricTransformations = [] } = filter;
  const metricTransformations = MetricTransformations.map((one) => ({
    metricName: one.MetricName,
    metricNamespace: one.MetricNamespace,
    metricValue: one.MetricValue,
    ...(one.DefaultValue !== undefined && { defaultValue: one.DefaultValue }),
    ...(one.Dimensions && { dimensions: Object.fromEntries(one.Dimensions.map(({ Key, Value }) => [Key, Value])) }),
    ...(one.Unit !== undefined && { unit: one.Unit }),
  }));
  await context.call('logs', 'PutMetricFilter', { logGroupName, filterName, filterPattern, metricTransformations });
  return { physicalId: filterName };
}

export default defineResource({
  type: 'AWS::Logs::MetricFilter',
  properties,
  replacedBy: ['LogGroupName', 'FilterName'],
  create: (filter, context) => put(filter, context, context.name(filter.FilterName, { maxLength: 512 })),
  update: (filter, context, { physicalId }) => put(filter, context, physicalId),
  async delete(filterName, context, { LogGroupName: logGroupName }) {
    await context.attempt(['ResourceNotFoundException'], 'logs', 'DeleteMetricFilter', { logGroupName, filterName });
  },
});
