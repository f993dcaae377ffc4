import type { BusEvent } from '../bus-event.ts';
import { valueAt } from '../json-path.ts';
import type { Target } from '../state.ts';
import { renderTemplate } from './input-template.ts';

/** What the reserved variables of an input template stand for. */
export interface TemplateSurroundings {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** When the event reached the bus, ISO 8601. */
  readonly ingestionTime: string;
}

/**
 * The text that a target gets for an event: its constant `Input`, the part at `InputPath`, the filled-in template, or
 * the whole event. Throws InvalidInputError where a template makes no JSON.
 */
export function targetInput(target: Target, event: BusEvent, surroundings: TemplateSurroundings): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(target.InputPath, event) ?? null);
  if (target.InputTransformer) return renderTemplate(target.InputTransformer, event, surroundings);
  return JSON.stringify(event);
}
