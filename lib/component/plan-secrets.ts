import type { Plan } from './plan.ts';

/** Names of the secrets that steps of a plan hash with: those of its stages, and those of reference data in Extract. */
export function secretNames({ nodes, stages }: Plan): { readonly stages: string[]; readonly references: string[] } {
  const staged = new Set(stages.flatMap((stage) => stage.nodes));
  const of = (inStage: boolean) => {
    const steps = nodes.filter((node) => node.kind === 'step' && staged.has(node.id) === inStage);
    return [...new Set(steps.flatMap((node) => (node.kind === 'step' ? (node.secrets ?? []) : [])))].sort();
  };
  return { stages: of(true), references: of(false) };
}
