import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value } from '../provisioning/shape.ts';

const properties = { DashboardName: 'text', DashboardBody: 'text', Tags: tags } as const;

const name = ({ DashboardName }: Value<typeof properties>, context: ResourceContext) =>
  context.name(DashboardName, { maxLength: 255 });

async function put({ DashboardBody }: Value<typeof properties>, DashboardName: string, context: ResourceContext) {
  await context.call('monitoring', 'PutDashboard', { DashboardName, DashboardBody });
  return { physicalId: DashboardName };
}

export default defineResource({
  type: 'AWS::CloudWatch::Dashboard',
  properties,
  replacedBy: ['DashboardName'],
  create: (dashboard, context) => put(dashboard, name(dashboard, context), context),
  update: (dashboard, context, { physicalId }) => put(dashboard, physicalId, context),
  async delete(DashboardName, context) {
    await context.attempt(['ResourceNotFound', 'DashboardNotFoundError'], 'monitoring', 'DeleteDashboards', {
      DashboardNames: [DashboardName],
    });
  },
});
