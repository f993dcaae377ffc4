import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotSupportedError } from '../aws-error.ts';
import { readTemplate, type Template } from './template.ts';

/** What `cdk synth` wrote: the stacks of an app, and the files that they deploy. */
export interface Assembly {
  /** Dependencies before their dependants. */
  readonly stacks: readonly StackArtifact[];
  /** Account and region that the stacks were written for; undefined where they were left open. */
  readonly accountId?: string;
  readonly region?: string;
}

export interface StackArtifact {
  readonly id: string;
  readonly stackName: string;
  readonly template: Template;
  /** Parameter values that the app itself set. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly assets: readonly FileAsset[];
  /** Ids of the stacks that must exist first. */
  readonly dependencies: readonly string[];
  /** The bootstrap version that the stack asks for; 0 where it asks for none. */
  readonly bootstrapVersion: number;
  readonly bootstrapParameter?: string;
}

/** A file or folder that a deployment would upload, under the names by which the template speaks of it. */
export interface FileAsset {
  readonly path: string;
  /** `zip`: the path is a folder that is uploaded as an archive (or an archive). `file`: uploaded as it is. */
  readonly packaging: 'zip' | 'file';
  /** May hold `${AWS::AccountId}` and other pseudo parameters. */
  readonly bucketName: string;
  readonly objectKey: string;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: Record<string, any>;
  readonly dependencies?: readonly string[];
}

/** Reads the cloud assembly in `folder` (a `cdk.out`), nested assemblies included. Throws where there is none. */
export function readAssembly(folder: string): Assembly {
  const environments = new Set<string>();
  const stacks = order(readStacks(folder, environments));
  const known = (values: string[]) => [...new Set(values.filter((value) => !value.startsWith('unknown-')))];
  const accounts = known([...environments].map((environment) => environment.split('/')[2]!));
  const regions = known([...environments].map((environment) => environment.split('/')[3]!));
  if (accounts.length > 1 || regions.length > 1) {
    throw new NotSupportedError(`apps of several accounts or regions (${[...accounts, ...regions].join(', ')})`);
  }
  return { stacks, accountId: accounts[0], region: regions[0] };
}

function readStacks(folder: string, environments: Set<string>): StackArtifact[] {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path))
    throw new Error(`${folder} is not a cloud assembly: it has no manifest.json (run cdk synth first)`);
  const artifacts: Record<string, Artifact> = readJson(path).artifacts ?? {};
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly') {
      return readStacks(join(folder, artifact.properties!.directoryName), environments);
    }
    if (artifact.type !== 'aws:cloudformation:stack') return [];
    environments.add(artifact.environment ?? 'aws://unknown-account/unknown-region');
    return [readStack(folder, id, artifact, artifacts)];
  });
}

function readStack(folder: string, id: string, artifact: Artifact, artifacts: Record<string, Artifact>): StackArtifact {
  const properties = artifact.properties!;
  const stackName = properties.stackName ?? id;
  const related = (artifact.dependencies ?? []).map((dependency) => ({ id: dependency, ...artifacts[dependency]! }));
  return {
    id,
    stackName,
    template: readTemplate(readJson(join(folder, properties.templateFile)), stackName),
    parameters: properties.parameters ?? {},
    assets: related
      .filter((one) => one.type === 'cdk:asset-manifest')
      .flatMap((one) => readAssets(folder, readJson(join(folder, one.properties!.file)))),
    dependencies: related.filter((one) => one.type === 'aws:cloudformation:stack').map((one) => one.id),
    bootstrapVersion: properties.requiresBootstrapStackVersion ?? 0,
    bootstrapParameter: properties.bootstrapStackVersionSsmParameter,
  };
}

function readAssets(folder: string, manifest: Record<string, any>): FileAsset[] {
  if (Object.keys(manifest.dockerImages ?? {}).length) throw new NotSupportedError('container image assets');
  return Object.values<any>(manifest.files ?? {})
    .filter((file) => file.source.path)
    .flatMap(({ source, destinations }) =>
      Object.values<any>(destinations).map(({ bucketName, objectKey }) => ({
        path: join(folder, source.path),
        packaging: source.packaging ?? 'file',
        bucketName,
        objectKey,
      })),
    );
}

/** CDK refuses cycles between stacks at synth, so a plain depth-first walk ends. */
function order(stacks: readonly StackArtifact[]): StackArtifact[] {
  const byId = new Map(stacks.map((stack) => [stack.id, stack]));
  const ordered = new Set<StackArtifact>();
  const visit = (stack: StackArtifact) => {
    for (const id of stack.dependencies) if (byId.has(id)) visit(byId.get(id)!);
    ordered.add(stack);
  };
  for (const stack of stacks) visit(stack);
  return [...ordered];
}

function readJson(path: string): Record<string, any> {
  return JSON.parse(readFileSync(path, 'utf8'));
}
