import { availableParallelism } from 'node:os';
import { EnvironmentIncompleteError } from '../lib/core/errors/environment-incomplete-error.ts';

/** Lambda gives a function a whole processor for this much memory. */
const megabytesPerProcessor = 1769;

/** What a function is told about where it runs. Nothing else reads the environment; each value is needed only where it is read. */
export const environment = {
  /** Name of the lake bucket. */
  get lake(): string {
    return required('PENSTOCK_LAKE');
  },
  /** Name of the database of the tables. */
  get catalog(): string {
    return required('PENSTOCK_CATALOG');
  },
  /** Name of the run table. */
  get runTable(): string {
    return required('PENSTOCK_RUN_TABLE');
  },
  /** URL of the trigger queue. */
  get triggerQueue(): string {
    return required('PENSTOCK_TRIGGER_QUEUE');
  },
  /** URL of the queue that hands the function its messages. */
  get buffer(): string {
    return required('PENSTOCK_BUFFER_URL');
  },
  /** Name of the event bus. */
  get bus(): string {
    return required('PENSTOCK_BUS');
  },
  /** ARNs of the topics that are told of what needs a person, by level. */
  get escalationTopics(): readonly (readonly string[])[] {
    return JSON.parse(required('PENSTOCK_ESCALATION_TOPICS'));
  },
  /** Name of the pipeline. */
  get pipeline(): string {
    return required('PENSTOCK_PIPELINE');
  },
  /** The function's memory, and the processors that it has with it. */
  get machine() {
    const memoryMegabytes = Number(required('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'));
    // Lambda shows two processors where there is a part of one: another thread would only take memory.
    const threads = Math.min(availableParallelism(), Math.ceil(memoryMegabytes / megabytesPerProcessor));
    return { memoryMegabytes, threads };
  },
};

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new EnvironmentIncompleteError({
    problem: 'a function lacks an environment variable',
    received: `${name} is ${value === undefined ? 'not set' : 'empty'}`,
    change: 'deploy the stack again; it sets all of them',
  });
}
