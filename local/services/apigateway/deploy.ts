import type { Cloud } from '../../service.ts';
import { newId } from './new-id.ts';
import type { Configuration, Deployment } from './records.ts';
import type { ApiState } from './state.ts';

/** What the operations of API Gateway share. */
export interface ApiCore {
  readonly cloud: Cloud;
  readonly state: ApiState;
}

export function nowIso({ cloud }: ApiCore): string {
  return new Date(cloud.clock.now()).toISOString();
}

/** A new deployment of an API; `snapshot` undefined is that of a stage which deploys by itself. */
export function newDeployment(core: ApiCore, snapshot: Configuration | undefined, Description?: string): Deployment {
  return {
    DeploymentId: newId(6),
    AutoDeployed: snapshot === undefined,
    DeploymentStatus: 'DEPLOYED',
    CreatedDate: nowIso(core),
    ...(Description !== undefined && { Description }),
    ...(snapshot && { snapshot }),
  };
}

/**
 * Tells the stages that deploy by themselves that their API has changed. Each gets a deployment of a new name; the one
 * before goes, as nothing can be deployed from it again.
 */
export function autoDeploy(core: ApiCore, apiId: string): void {
  const { stages, deployments, routes } = core.state;
  if (routes.of(apiId).length === 0) return;
  for (const stage of stages.of(apiId).filter(({ AutoDeploy }) => AutoDeploy)) {
    const deployment = newDeployment(
      core,
      undefined,
      'Automatic deployment triggered by changes to the Api configuration',
    );
    const before = deployments.find(apiId, stage.DeploymentId);
    if (before?.AutoDeployed) deployments.delete(apiId, before.DeploymentId);
    deployments.set(apiId, deployment.DeploymentId, deployment);
    stages.set(apiId, stage.StageName, { ...stage, DeploymentId: deployment.DeploymentId });
  }
}
