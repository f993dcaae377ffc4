import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import { type ApiCore, nowIso } from '../deploy.ts';
import { badRequest, conflict, refuseUnknown } from '../errors.ts';
import type { Kind } from '../kinds.ts';
import type { Api, RouteSettings, Stage } from '../records.ts';

export const stageKind = (core: ApiCore): Kind<Stage> => ({
  noun: 'Stage',
  id: 'StageName',
  members: [
    'StageName',
    'AccessLogSettings',
    'AutoDeploy',
    'DefaultRouteSettings',
    'DeploymentId',
    'Description',
    'RouteSettings',
    'StageVariables',
    'Tags',
  ],
  parts: core.state.stages,
  make(wanted, { api, previous }) {
    const stage = {
      AutoDeploy: false,
      DefaultRouteSettings: { DetailedMetricsEnabled: false },
      RouteSettings: {},
      StageVariables: {},
      Tags: {},
      ...wanted,
    };
    checkStage(stage, api, core, previous);
    const LastUpdatedDate = nowIso(core);
    return { ...stage, CreatedDate: previous?.CreatedDate ?? LastUpdatedDate, LastUpdatedDate };
  },
});

function checkStage(stage: Stage, api: Api, { state }: ApiCore, previous: Stage | undefined): void {
  const { StageName: name, DeploymentId, AutoDeploy } = stage;
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name ?? '') && !(name === '$default' && api.ProtocolType === 'HTTP')) {
    throw badRequest(
      `Stage name ${name} is invalid: it must only contain alphanumeric characters, hyphens, and underscores, or be $default`,
    );
  }
  if (!previous && state.stages.find(api.ApiId, name)) throw conflict('Stage already exists');
  if (AutoDeploy && DeploymentId !== undefined && DeploymentId !== previous?.DeploymentId) {
    throw badRequest('Changing the deployment of a stage is not allowed while it deploys automatically');
  }
  if (!AutoDeploy && DeploymentId !== undefined) state.deployments.get(api.ApiId, DeploymentId);
  const routes = state.routes.of(api.ApiId).map(({ RouteKey }) => RouteKey);
  const unknown = Object.keys(stage.RouteSettings).find((key) => !routes.includes(key));
  if (unknown !== undefined && !(unknown in (previous?.RouteSettings ?? {})))
    throw new AwsError(
      'NotFoundException',
      `Unable to find Route by key ${unknown} within the provided RouteSettings`,
      404,
    );
  checkVariables(stage.StageVariables);
  for (const settings of [stage.DefaultRouteSettings, ...Object.values(stage.RouteSettings)]) checkSettings(settings);
  const { DestinationArn = '', Format } = stage.AccessLogSettings ?? {};
  if (stage.AccessLogSettings && !/^arn:[^:]+:logs:[^:]*:\d+:log-group:[^:]+(:\*)?$/.test(DestinationArn)) {
    throw badRequest(`Invalid access log destination: it must be the ARN of a log group, got ${DestinationArn}`);
  }
  if (
    stage.AccessLogSettings &&
    !Format?.includes('$context.requestId') &&
    !Format?.includes('$context.extendedRequestId')
  ) {
    throw badRequest('Access log format must contain at least $context.requestId or $context.extendedRequestId');
  }
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!/^\w{1,64}$/.test(name))
      throw badRequest(`Stage variable name ${name} is invalid: it has letters, digits and _`);
    if (!/^[A-Za-z0-9\-._~:/?#&=,]{1,512}$/.test(value))
      throw badRequest(`Stage variable value ${value} is invalid: it has letters, digits and -._~:/?#&=,`);
  }
}

function checkSettings({ ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate, ...rest }: RouteSettings): void {
  const { DetailedMetricsEnabled: _, LoggingLevel = 'OFF', DataTraceEnabled = false, ...unknown } = rest as any;
  if (LoggingLevel !== 'OFF' || DataTraceEnabled) throw new NotSupportedError('execution logs of API Gateway stages');
  for (const name of Object.keys(unknown)) throw badRequest(`Invalid route setting ${name}`);
  if (burst !== undefined && !(Number.isInteger(burst) && burst >= 0)) throw badRequest(`Invalid burst limit ${burst}`);
  if (rate !== undefined && !(Number.isFinite(rate) && rate >= 0)) throw badRequest(`Invalid rate limit ${rate}`);
}

/** Operations that take one setting of a stage away. */
export function stageSettings({ state }: ApiCore): Record<string, Operation> {
  return {
    async DeleteRouteSettings(input) {
      refuseUnknown('DeleteRouteSettings', input, ['ApiId', 'StageName', 'RouteKey']);
      const stage = state.stages.get(state.api(input.ApiId).ApiId, input.StageName);
      const { [input.RouteKey]: _, ...RouteSettings } = stage.RouteSettings;
      state.stages.set(input.ApiId, input.StageName, { ...stage, RouteSettings });
      return {};
    },
    async DeleteAccessLogSettings(input) {
      refuseUnknown('DeleteAccessLogSettings', input, ['ApiId', 'StageName']);
      const { AccessLogSettings: _, ...stage } = state.stages.get(state.api(input.ApiId).ApiId, input.StageName);
      state.stages.set(input.ApiId, input.StageName, stage);
      return {};
    },
  };
}
