import type { Measured, Profile } from '../../component/measure.ts';
import type { OutputNode, QualityRulePlan } from '../../component/plan.ts';
import type { Judgement, QualityRule } from '../../component/quality-rule.ts';
import type { StageInput, TriggerIdentity } from '../messages.ts';
import { outputs, type PipelineCode } from '../pipeline-code.ts';
import type { RunHistory } from './history.ts';

/** Asks the rules that judge all rows of the run at once. They know no clock, so a repeated assessment ends the same. */
export function judgeRules(
  pipeline: PipelineCode,
  input: StageInput,
  history: RunHistory,
  measures: ReadonlyMap<string, Measured>,
  rules: readonly QualityRulePlan[],
): ReadonlyMap<string, Judgement> {
  const judgements = new Map<string, Judgement>();
  for (const rule of rules) {
    const component = pipeline.components[rule.component] as QualityRule;
    if (!component.judge) continue;
    const circumstances = {
      startedAt: startOf(input),
      earlier: history.of(outputOf(pipeline, rule).table, rule.history?.runs ?? 0),
      profile: history.profile(profileName(pipeline, rule) ?? ''),
    };
    judgements.set(rule.id, component.judge(rule.options, measures.get(rule.id)!, circumstances));
  }
  return judgements;
}

/** A replay is a part of an earlier delivery: rules that judge a delivery as a whole say nothing of it. */
export function judgedRules({ plan, components }: PipelineCode, trigger: TriggerIdentity): readonly QualityRulePlan[] {
  if (trigger.kind !== 'replay') return plan.quality;
  return plan.quality.filter((rule) => !(components[rule.component] as QualityRule).judge);
}

/** What the columns of this run looked like, by `table.column`, for the runs to come. */
export function profilesOf(
  pipeline: PipelineCode,
  measures: ReadonlyMap<string, Measured>,
): Readonly<Record<string, Profile>> {
  const profiles = pipeline.plan.quality.flatMap((rule) => {
    const name = profileName(pipeline, rule);
    const profile = measures.get(rule.id)?.profile;
    return name === undefined || profile === undefined ? [] : [[name, profile] as const];
  });
  return Object.fromEntries(profiles);
}

/** By column, not by rule: the history of a column goes on when rules are put in another order. */
function profileName(pipeline: PipelineCode, rule: QualityRulePlan): string | undefined {
  const { table, columns } = outputOf(pipeline, rule);
  const measure = (pipeline.components[rule.component] as QualityRule).measure(rule.options, columns);
  return measure.form === 'profile' ? `${table}.${measure.column}` : undefined;
}

function outputOf({ plan }: PipelineCode, rule: QualityRulePlan): OutputNode {
  return outputs(plan).find(({ id }) => id === rule.output)!;
}

/** The schedule's time, or the state machine's; never a worker's clock. */
function startOf({ trigger, startedAt }: StageInput): number {
  return Date.parse(trigger.kind === 'schedule' ? trigger.time : startedAt);
}
