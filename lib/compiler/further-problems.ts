import { DefinitionInvalidError, type Problem } from '../definition/index.ts';
import { inOrder } from '../definition/problem.ts';
import { Typing } from '../engine/typing.ts';
import { classifyNodes, clearanceProblems } from './classify.ts';
import { canBind, planQuality, problemsAsFarAsKnown } from './quality.ts';
import { typeNodes } from './typed-nodes.ts';

/**
 * The same error with what compiling finds in the parts of the definition that are intact: who corrects a file wants to
 * know all of it at once. What is made of a broken part is not looked at.
 */
export async function withFurtherProblems(error: DefinitionInvalidError): Promise<DefinitionInvalidError> {
  const { pipeline, problems, intact } = error;
  if (intact.nodes.length === 0) return error;
  const typing = await Typing.open(intact.parameters);
  try {
    const typed = await typeNodes(intact, typing);
    const rules: readonly Problem[] =
      intact.whole && canBind(intact.quality, intact.nodes, typed.nodes)
        ? (await planQuality(intact.quality, typed.nodes, typing)).problems
        : await problemsAsFarAsKnown(intact.quality, typed.nodes, typing);
    const clearance = clearanceProblems(classifyNodes(typed.nodes, intact.nodes), intact.nodes);
    const file = problems[0]?.at?.replace(/:\d+:\d+$/, '') ?? '';
    return new DefinitionInvalidError(
      pipeline,
      inOrder([...problems, ...typed.problems, ...clearance, ...rules], file),
    );
  } finally {
    typing.close();
  }
}
