import { fallsBack, type Plan, type StagePlan } from '../../component/plan.ts';
import { second } from '../../core/durations.ts';
import { planComment } from '../../core/plan-comment.ts';
import { workTime } from '../../core/staged-life.ts';
import { groupStages, type StageGroup } from '../stage-groups.ts';
import { admissionPath } from './admission.ts';
import { callFunction } from './call-function.ts';
import { mapChunks } from './chunks.ts';
import { withDelays } from './delays.ts';
import { endStates } from './end-states.ts';
import { catchAll, failurePath } from './failure.ts';
import { gatePath } from './gate.ts';
import { publishPath, publishStart } from './publish.ts';
import { runInput } from './run-input.ts';
import { questionName } from './state-names.ts';
import type { StateMachineDefinition, States } from './states-language.ts';

/** Where all attempts to read a source are spent, what stands in for it is read. */
const extractInstead = 'Extract with fallback';

/** All that is done besides waiting for a person. */
const workSeconds = workTime / second;

/** The pipeline's state machine. What it needs of the stack stands in it as substitutions, see `references.ts`. */
export function machineDefinition(plan: Plan): StateMachineDefinition {
  const admission = admissionPath(plan, 'Extract');
  return {
    Comment: planComment(plan),
    QueryLanguage: 'JSONata',
    StartAt: 'Initialize',
    TimeoutSeconds: admission.waitSeconds + workSeconds + plan.gate.reviewSeconds,
    States: withDelays({
      Initialize: callFunction('initialize', {
        payload: runInput,
        timeoutSeconds: 90,
        assign: { run: runInput, ...admission.assign },
        next: admission.entry,
        catch: [catchAll('Initialize')],
      }),
      ...admission.states,
      Extract: callFunction('extract', {
        payload: '{% $run %}',
        timeoutSeconds: 930,
        assign: { extract: '{% $states.result.Payload %}' },
        next: entryOf(plan.stages[0]!),
        catch: [fallsBack(plan) ? { ...catchAll('Extract'), Next: extractInstead } : catchAll('Extract')],
      }),
      ...(fallsBack(plan) && {
        [extractInstead]: callFunction('extract', {
          payload: "{% $merge([$run, { 'fallback': true }]) %}",
          timeoutSeconds: 930,
          assign: { extract: '{% $states.result.Payload %}' },
          next: entryOf(plan.stages[0]!),
          catch: [catchAll(extractInstead)],
        }),
      }),
      ...stagesPath(plan, 'Assess'),
      ...gatePath(plan, publishStart),
      ...publishPath(plan),
      ...failurePath(),
      ...endStates(),
    }),
  };
}

function stagesPath(plan: Plan, next: string): States {
  const groups = groupStages(plan);
  const states: Record<string, States[string]> = {};
  for (const [index, stage] of plan.stages.entries()) {
    const following = plan.stages[index + 1];
    const after = following ? entryOf(following) : next;
    if (stage.kind === 'reduce') {
      states[entryOf(stage)] = {
        Type: 'Choice',
        Choices: [
          { Condition: `{% $extract.solo or $lookup($extract.stages, '${stage.id}').chunks = 0 %}`, Next: after },
        ],
        Default: stage.title,
      };
    }
    states[stage.title] = mapChunks(plan.pipeline, stage, groupOf(groups, stage), after);
  }
  return states;
}

/** A reduce stage is entered by the question whether there is anything to do. */
function entryOf(stage: StagePlan): string {
  return stage.kind === 'reduce' ? questionName(stage) : stage.title;
}

function groupOf(groups: readonly StageGroup[], stage: StagePlan): StageGroup {
  return groups.find(({ stages }) => stages.includes(stage.id))!;
}
