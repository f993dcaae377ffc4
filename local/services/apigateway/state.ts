import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import { notFound } from './errors.ts';
import type {
  Api,
  Authorizer,
  Configuration,
  Deployment,
  Integration,
  Route,
  RouteResponse,
  Stage,
} from './records.ts';

/** Things of one kind that belong to an API, kept under the API's id and their own. */
export class Parts<T> {
  readonly #noun: string;
  readonly #items: Collection<T>;

  constructor(cloud: Cloud, collection: string, noun: string) {
    this.#noun = noun;
    this.#items = cloud.store.collection(`apigateway.${collection}`);
  }

  find(owner: string, id: string | undefined): T | undefined {
    return this.#items.get(`${owner}/${id}`);
  }

  /** Throws NotFoundException. */
  get(owner: string, id: string): T {
    const found = this.find(owner, id);
    if (!found) throw notFound(this.#noun, id);
    return found;
  }

  of(owner: string): T[] {
    return [...this.#items.entries()]
      .filter(([key]) => key.startsWith(`${owner}/`) && !key.includes('/', owner.length + 1))
      .map(([, item]) => item);
  }

  set(owner: string, id: string, item: T): void {
    this.#items.set(`${owner}/${id}`, item);
  }

  delete(owner: string, id: string): void {
    this.#items.delete(`${owner}/${id}`);
  }

  /** Deletes everything of an owner, and of what it owns. */
  clear(owner: string): void {
    for (const key of [...this.#items.keys()]) if (key.startsWith(`${owner}/`)) this.#items.delete(key);
  }
}

/** APIs and their parts. */
export class ApiState {
  readonly apis: Collection<Api>;
  readonly routes: Parts<Route>;
  readonly integrations: Parts<Integration>;
  readonly authorizers: Parts<Authorizer>;
  readonly stages: Parts<Stage>;
  readonly deployments: Parts<Deployment>;
  /** Owned by `<ApiId>/<RouteId>`. */
  readonly routeResponses: Parts<RouteResponse>;

  constructor(cloud: Cloud) {
    this.apis = cloud.store.collection('apigateway.apis');
    this.routes = new Parts(cloud, 'routes', 'Route');
    this.integrations = new Parts(cloud, 'integrations', 'Integration');
    this.authorizers = new Parts(cloud, 'authorizers', 'Authorizer');
    this.stages = new Parts(cloud, 'stages', 'Stage');
    this.deployments = new Parts(cloud, 'deployments', 'Deployment');
    this.routeResponses = new Parts(cloud, 'route-responses', 'RouteResponse');
  }

  /** Throws NotFoundException. */
  api(id: string): Api {
    const api = this.apis.get(id);
    if (!api) throw notFound('API', id);
    return api;
  }

  /** The API with all its parts as they are now. */
  current(apiId: string): Configuration {
    const routes = this.routes.of(apiId);
    return {
      api: this.api(apiId),
      routes,
      integrations: this.integrations.of(apiId),
      authorizers: this.authorizers.of(apiId),
      answeringRoutes: routes
        .map(({ RouteId }) => RouteId)
        .filter((id) => this.routeResponses.of(`${apiId}/${id}`).length > 0),
    };
  }

  /** What a stage serves; undefined where nothing was deployed to it. */
  served(apiId: string, stage: Stage): Configuration | undefined {
    if (stage.AutoDeploy) return this.current(apiId);
    return this.deployments.find(apiId, stage.DeploymentId)?.snapshot;
  }

  deleteApi(id: string): void {
    for (const parts of [this.routes, this.integrations, this.authorizers, this.stages, this.deployments]) {
      parts.clear(id);
    }
    this.routeResponses.clear(id);
    this.apis.delete(id);
  }
}
