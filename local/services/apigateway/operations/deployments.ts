import type { Operation } from '../../../service.ts';
import { type ApiCore, newDeployment } from '../deploy.ts';
import { badRequest, refuseUnknown } from '../errors.ts';
import { kindOperations, shown } from '../kinds.ts';
import type { Deployment } from '../records.ts';

export function deploymentOperations(core: ApiCore): Record<string, Operation> {
  const { state, cloud } = core;
  return {
    ...kindOperations<Deployment>(core, {
      noun: 'Deployment',
      id: 'DeploymentId',
      members: ['Description'],
      parts: state.deployments,
      make: ({ Description }, { previous }) => ({ ...previous!, Description }),
      release({ DeploymentId }, { ApiId }) {
        if (state.stages.of(ApiId).some((stage) => stage.DeploymentId === DeploymentId)) {
          throw badRequest('Active stages pointing to this deployment must be moved or deleted');
        }
      },
    }),
    async CreateDeployment(input) {
      refuseUnknown('CreateDeployment', input, ['ApiId', 'Description', 'StageName']);
      const { ApiId } = state.api(input.ApiId);
      const stage = input.StageName === undefined ? undefined : state.stages.get(ApiId, input.StageName);
      if (stage?.AutoDeploy) throw badRequest('Deployments cannot be made to a stage that deploys automatically');
      const snapshot = state.current(ApiId);
      if (snapshot.routes.length === 0) throw badRequest('At least one route is required before deploying the Api.');
      const deployment = newDeployment(core, snapshot, input.Description);
      cloud.store.transaction(() => {
        state.deployments.set(ApiId, deployment.DeploymentId, deployment);
        if (stage) state.stages.set(ApiId, stage.StageName, { ...stage, DeploymentId: deployment.DeploymentId });
      });
      return shown(deployment);
    },
  };
}
