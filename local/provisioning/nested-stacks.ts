import { readTemplate } from '../template/template.ts';
import { provisionStack, removeStack } from './provision-stack.ts';
import type { Surroundings } from './surroundings.ts';

/** Stacks inside of stacks are provisioned as any other, with the assets of the assembly that they came with. */
export const nestedStacks: Surroundings['nested'] = {
  async provision({ stackName, document, parameters }, surroundings) {
    const template = readTemplate(document, stackName);
    const stack = { id: stackName, stackName, template, parameters, assets: [], dependencies: [], bootstrapVersion: 0 };
    return (await provisionStack(stack, {}, surroundings)).outputs;
  },
  remove: removeStack,
};
