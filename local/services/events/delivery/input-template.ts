import type { BusEvent } from '../bus-event.ts';
import { valueAt } from '../json-path.ts';
import type { Target } from '../state.ts';
import type { TemplateSurroundings } from './target-input.ts';

type Transformer = NonNullable<Target['InputTransformer']>;

const placeholder = /<([A-Za-z0-9._-]+)>/g;

export const reservedVariables = new Set([
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
]);

/** The names that a template refers to. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(placeholder)].map((found) => found[1]!);
}

/** What a template makes is not JSON; it would not be on another attempt either. */
export class InvalidInputError extends Error {
  readonly code = 'INVALID_JSON';
}

/**
 * Fills in a template: `<name>` inside quotes becomes text, outside of them JSON. A path that leads nowhere gives the
 * empty text.
 */
export function renderTemplate(transformer: Transformer, event: BusEvent, surroundings: TemplateSurroundings): string {
  const template = transformer.InputTemplate;
  const quoted = quotedPlaces(template);
  const text = template.replace(placeholder, (_, name: string, offset: number) => {
    const value = variable(name, transformer, event, surroundings) ?? '';
    return quoted[offset] ? insideQuotes(value) : JSON.stringify(value);
  });
  try {
    JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(`the input template makes no JSON: ${(error as Error).message}`);
  }
  return text;
}

function variable(
  name: string,
  transformer: Transformer,
  event: BusEvent,
  surroundings: TemplateSurroundings,
): unknown {
  switch (name) {
    case 'aws.events.rule-arn':
      return surroundings.ruleArn;
    case 'aws.events.rule-name':
      return surroundings.ruleName;
    case 'aws.events.event.ingestion-time':
      return surroundings.ingestionTime;
    case 'aws.events.event': {
      const { detail: _, ...withoutDetail } = event;
      return withoutDetail;
    }
    case 'aws.events.event.json':
      return event;
    default: {
      const path = transformer.InputPathsMap?.[name];
      return path === undefined ? undefined : valueAt(path, event);
    }
  }
}

/** Inside quotes AWS writes objects and lists without their own quotes. */
function insideQuotes(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
  return JSON.stringify(value).replaceAll('\\"', '').replaceAll('"', '');
}

/** For every position of a JSON text: whether it lies inside a string. */
function quotedPlaces(text: string): boolean[] {
  const quoted: boolean[] = [];
  let inside = false;
  for (let index = 0; index < text.length; index++) {
    quoted.push(inside);
    if (inside && text[index] === '\\') {
      index++;
      quoted.push(inside);
    } else if (text[index] === '"') {
      inside = !inside;
    }
  }
  return quoted;
}
