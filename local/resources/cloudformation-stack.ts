import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { mapOf, tags, type Value, withoutEffect } from '../provisioning/shape.ts';
import { readAssetText } from './assets/read-asset-text.ts';

const properties = {
  TemplateURL: 'text',
  Parameters: mapOf('text'),
  TimeoutInMinutes: withoutEffect('nothing that is provisioned on this machine takes minutes'),
  Tags: tags,
} as const;

type Stack = Value<typeof properties>;

/** Templates of nested stacks are assets; their address names the bucket in its path or in its host. */
function readDocument(url: string, context: ResourceContext): Record<string, unknown> {
  const { hostname, pathname } = new URL(url);
  const inHost = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
  const path = decodeURIComponent(pathname.slice(1));
  const slash = path.indexOf('/');
  const [bucket, key] = inHost ? [inHost, path] : [path.slice(0, slash), path.slice(slash + 1)];
  return JSON.parse(readAssetText(context, bucket, key));
}

async function provision({ TemplateURL = '', Parameters = {} }: Stack, stackName: string, context: ResourceContext) {
  const document = readDocument(TemplateURL, context);
  const outputs = await context.provisionNested({ stackName, document, parameters: Parameters });
  const attributes = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`Outputs.${name}`, value]));
  return { physicalId: stackName, ref: context.stackIdOf(stackName), attributes };
}

/** A stack inside of a stack. */
export default defineResource({
  type: 'AWS::CloudFormation::Stack',
  properties,
  // Assets that a nested stack uses, or what a failed deployment left in it, show in no property of its own.
  alwaysUpdated: true,
  create: (stack, context) => provision(stack, context.name(undefined, { maxLength: 128 }), context),
  update: (stack, context, { physicalId }) => provision(stack, physicalId, context),
  delete: (stackName, context) => context.removeNested(stackName),
});
