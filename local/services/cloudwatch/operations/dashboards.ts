import { AwsError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { invalidValue } from '../errors.ts';

interface Dashboard {
  readonly name: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

const noSuchDashboard = (name: string) =>
  new AwsError('DashboardNotFoundError', `Dashboard ${name} does not exist`, 404);

/** Dashboards are kept as they are put; what they show is for whoever draws them. */
export function dashboardOperations(cloud: Cloud): Record<string, Operation> {
  const dashboards = cloud.store.collection<Dashboard>('monitoring.dashboards');
  const arn = (name: string) => `arn:aws:cloudwatch::${cloud.accountId}:dashboard/${name}`;
  const get = (name: string): Dashboard => {
    const dashboard = dashboards.get(name);
    if (!dashboard) throw noSuchDashboard(name);
    return dashboard;
  };
  return {
    PutDashboard: async (input) => {
      refuseUnknown('monitoring:PutDashboard', input, ['DashboardName', 'DashboardBody', 'Tags']);
      const { DashboardName: name, DashboardBody: body } = input;
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(name ?? ''))
        throw invalidValue(`The value ${name} for parameter DashboardName is invalid.`);
      checkBody(body);
      dashboards.set(name, { name, body, modifiedAt: cloud.clock.now() });
      return { DashboardValidationMessages: [] };
    },
    GetDashboard: async ({ DashboardName }) => {
      const { name, body } = get(DashboardName);
      return { DashboardArn: arn(name), DashboardName: name, DashboardBody: body };
    },
    ListDashboards: async ({ DashboardNamePrefix = '' }) => {
      const found = [...dashboards.values()].filter(({ name }) => name.startsWith(DashboardNamePrefix));
      const DashboardEntries = found
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, body, modifiedAt }) => ({
          DashboardName: name,
          DashboardArn: arn(name),
          LastModified: new Date(modifiedAt),
          Size: Buffer.byteLength(body),
        }));
      return { DashboardEntries };
    },
    DeleteDashboards: async ({ DashboardNames = [] }) => {
      for (const name of DashboardNames) get(name);
      for (const name of DashboardNames) dashboards.delete(name);
      return {};
    },
  };
}

function checkBody(body: unknown): void {
  const wrong = (Message: string) =>
    new AwsError('DashboardInvalidInputError', 'The dashboard body is invalid', 400, {
      dashboardValidationMessages: [{ DataPath: '/', Message }],
    });
  let parsed: any;
  try {
    parsed = JSON.parse(String(body));
  } catch (error) {
    throw wrong(`The body is not valid JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(parsed?.widgets)) throw wrong('Should have required property "widgets"');
}
