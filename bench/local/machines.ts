/** A machine, its input, and how many states one execution enters. */
export interface MeasuredMachine {
  readonly definition: any;
  readonly input: any;
  readonly transitions: number;
}

const items = 10_000;
const steps = 1_000;

/** What the interpreters are measured on: both understand every field of it. */
export const machines: Readonly<Record<'map' | 'loop', MeasuredMachine>> = {
  map: {
    definition: {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map',
          ItemsPath: '$.items',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'INLINE' },
            StartAt: 'One',
            States: { One: { Type: 'Pass', Parameters: { 'n.$': '$.n' }, End: true } },
          },
          End: true,
        },
      },
    },
    input: { items: Array.from({ length: items }, (_, index) => ({ n: index })) },
    transitions: items + 1,
  },
  loop: {
    definition: {
      StartAt: 'Step',
      States: {
        Step: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' }, Next: 'More' },
        More: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: steps, Next: 'Step' }], Default: 'Done' },
        Done: { Type: 'Succeed' },
      },
    },
    input: { n: 0 },
    transitions: 2 * steps + 1,
  },
};
