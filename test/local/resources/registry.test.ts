import { expect, it } from 'vitest';
import { hasNoNeedOfProvider, resourceType, resourceTypeFiles } from '../../../local/resources/registry.ts';

const definitionIn = async (file: string) =>
  (await import(/* @vite-ignore */ new URL(`../../../local/resources/${file}`, import.meta.url).href)).default;

it('finds every type by the name of its file', async () => {
  for (const file of resourceTypeFiles()) {
    const definition = await definitionIn(file);
    expect((await resourceType(definition.type)).type).toBe(definition.type);
    const kebab = definition.type
      .replace('AWS::', '')
      .replace(/([a-z])([A-Z])/g, '$1-$2')
      .replace('::', '-')
      .toLowerCase();
    expect(file.replaceAll('-', '')).toBe(`${kebab.replaceAll('-', '')}.ts`);
  }
});

it('replaces by properties that the type understands', async () => {
  for (const file of resourceTypeFiles()) {
    const definition = await definitionIn(file);
    for (const property of definition.replacedBy ?? []) expect(definition.properties).toHaveProperty(property);
  }
});

it.each(['AWS::ECS::Cluster', 'AWS::S3Bucket', '__proto__'])('refuses %s by its name', async (type) => {
  await expect(resourceType(type)).rejects.toMatchObject({ statusCode: 501, message: expect.stringContaining(type) });
});

it('leaves the types of custom resources to their own functions, but for those that it does itself', async () => {
  expect((await resourceType('Custom::Anything')).type).toBe('Custom::Anything');
  expect(await hasNoNeedOfProvider('Custom::Anything')).toBe(false);
  expect(await hasNoNeedOfProvider('Custom::S3BucketNotifications')).toBe(true);
});
