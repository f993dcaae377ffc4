import { growing, lags } from './growth.ts';
import { type Act, askedAgain, type History, type Mishap, type RowKind } from './history.ts';
import { mishapKinds } from './mishaps.ts';
import type { PipelineName } from './pipelines.ts';
import { random } from './random.ts';
import type { Workers } from './workers.ts';

/** How often each pipeline is taken. */
const shares: Readonly<Partial<Record<PipelineName, number>>> = {
  solo: 7,
  wide: 2,
  replace: 3,
  merged: 2,
  exports: 3,
  queued: 3,
  replacing: 2,
  skipping: 2,
  reviewed: 2,
  batched: 4,
  partitions: 2,
  narrow: 2,
  counted: 3,
  marked: 3,
  looked: 2,
};

/** What files hold. Few, because what DuckDB has made of one it is not asked again. */
const contents: readonly (readonly RowKind[])[] = [
  [],
  ['good'],
  ['bad'],
  ['zero'],
  ['nameless'],
  ['good', 'good', 'good'],
  ['bad', 'good', 'bad'],
  ['zero', 'zero', 'nameless'],
  ['good', 'nameless', 'zero', 'bad'],
  ['good', 'good', 'nameless', 'good', 'bad'],
  ['zero', 'good', 'bad', 'good', 'good'],
  ['nameless', 'good', 'nameless', 'zero', 'good'],
];

/** What is added to files that grow. */
const additions: readonly (readonly RowKind[])[] = [['good', 'nameless'], ['bad', 'good'], ['zero']];
const lateAdditions: typeof additions = [['late', 'bad', 'good'], ['late']];

const takenByShare = Object.entries(shares).flatMap(([name, share]) => Array<PipelineName>(share).fill(name as never));
/** Several runs over files of their own take three times as long as others; all other seeds stay what they are. */
const seedsOfOneThatGrows = 15;

/** Signatures are refused where clocks are off by more than five minutes; those histories take several times as long. */
const minutesOff = [-20, -4, -4, -2, -1, 1, 2, 4, 4, 20];

const serviceMishaps: readonly Mishap['what'][] = [
  'lose before',
  'lose after',
  'throttle',
  'break',
  'duplicate',
  'wait 20 s',
  'wait 5 min',
];

/** Calls of a run with one file, about: later ones belong to further runs. */
const functionCalls = 90;
const serviceCalls = 45;
/** Of a backfill. */
const personCalls = 30;

/** Of one or two requests of people. */
const callsOfRequests = 10;

const functions = ['extract', 'worker', 'assess', 'publish', 'commit'];
/** More than a run tries again before it fails. */
const longestOutage = 40;

/** One function does not get through, however often it is tried, until it has run out of tries. */
function outage(of: string, what: Mishap['what']): Mishap {
  const call = of === 'commit' ? 'dynamodb:TransactWriteItems' : 's3:PutObject';
  return { by: 'function', at: { call, of, nth: 0, times: longestOutage }, what };
}

/** Nothing can be started, until messages are given up. */
const longestSilence = 36;

interface Chances {
  readonly below: (bound: number) => number;
  readonly chance: () => number;
}

/** Pipelines whose runs are many chunks. */
const inChunks: ReadonlySet<PipelineName> = new Set(['wide', 'narrow']);

/** How many may be at work, other than the pipeline says. */
function workers({ below, chance }: Chances, pipeline: PipelineName): Workers | undefined {
  if (chance() > (inChunks.has(pipeline) ? 0.7 : 0.04)) return undefined;
  return {
    ...(chance() < 0.4 && { functions: 1 + below(3) }),
    ...(inChunks.has(pipeline) && { deliveries: 2 + below(4), chunks: 1 + below(6) }),
  };
}

/** Who gets messages of which queue, by a part of its name. */
const queues = ['TriggerBuffer', 'WorkerBuffer'];

/** Messages that come twice, and behind others that were sent later. */
function deliveries({ below, chance }: Chances, pipeline: PipelineName): readonly Mishap[] {
  const many = inChunks.has(pipeline) ? 8 : 3;
  return Array.from({ length: 1 + below(3) }, (): Mishap => {
    const of = queues[below(queues.length)]!;
    const at = { call: 'sqs:ReceiveMessage', of, nth: below(many), times: 1 + below(2) };
    return { by: 'service', at, what: chance() < 0.5 ? 'duplicate' : 'reorder' };
  });
}

/** A range that somebody asks for, perhaps while somebody else does, and goes on with when it was left. */
function backfills({ below, chance }: Chances): readonly Act[] {
  const range = { from: 0, to: 3, days: 1 + below(2), parallel: 1 + below(2) };
  const after = 40 + below(250);
  const first: Act = { after, do: 'backfill', ...range };
  const other: Act = {
    after: after + (chance() < 0.5 ? 0 : below(60)),
    do: 'backfill',
    from: below(4),
    to: 5,
    days: 1,
    parallel: 1,
  };
  const ended: Act = { after: after + 10 + below(200), do: 'cancel backfill', from: 0 };
  return [first, ...(chance() < 0.4 ? [other] : []), ...(chance() < 0.4 ? [ended] : []), { ...first, after: 3000 }];
}

interface More {
  readonly acts: readonly Act[];
  readonly mishaps: readonly Mishap[];
}

/** What people do besides who look after messages that were given up, and after tables. */
function upkeep({ below, chance }: Chances, pipeline: PipelineName): More {
  const acts: Act[] = [];
  const mishaps: Mishap[] = [];
  if (chance() < 0.05) {
    const call = chance() < 0.5 ? 'dynamodb:TransactWriteItems' : 'states:StartExecution';
    mishaps.push({ by: 'function', at: { call, of: 'trigger', nth: 0, times: longestSilence }, what: 'break' });
    acts.push({ after: 1500, do: 'redeliver' });
  }
  if (pipeline !== 'exports' && !growing.has(pipeline) && chance() < 0.05) {
    const table = chance() < 0.5 ? 'rows' : 'sums';
    acts.push({ after: 60 + below(200), do: 'expire', table }, { after: 1200, do: 'expire', table });
  }
  return { acts, mishaps };
}

/** Writes that decide between two who meet, and who makes them. */
const decisive = [
  ...[['glue:UpdateTable', 'commit'] as const, ['glue:CreateTable', 'commit'] as const],
  ...[['dynamodb:TransactWriteItems', 'trigger'] as const, ['dynamodb:TransactWriteItems', 'commit'] as const],
  ...[['dynamodb:UpdateItem', 'initialize'] as const, ['dynamodb:UpdateItem', 'extract'] as const],
] as const;

/** A write is on its way for a while, in which somebody does something. */
function meeting({ below, chance }: Chances, drop: (after: Act['after']) => Act): More {
  const [call, of] = decisive[below(decisive.length)]!;
  const mishap: Mishap = { by: 'function', at: { call, of, nth: below(3) }, what: 'wait 20 s' };
  const after = 'mishap';
  const choices: readonly (readonly Act[])[] = [
    [{ after, do: 'cancel', run: below(2) }],
    [drop(after), drop(after)],
    [
      { after: below(12), do: 'pause' },
      { after, do: 'resume' },
    ],
    [drop(60), { after, do: 'start' }],
  ];
  return { acts: choices[Math.floor(chance() * choices.length)]!, mishaps: [mishap] };
}

/** The history of a seed: the same one each time. */
export function generatedHistory(seed: number): History {
  const chance = random(seed);
  const below = (bound: number) => Math.floor(chance() * bound);
  const oneOf = <Value>(values: readonly Value[]) => values[below(values.length)]!;
  const times = <Value>(most: number, make: () => Value) => Array.from({ length: below(most + 1) }, make);
  const turn = seed / seedsOfOneThatGrows;
  const names = Number.isInteger(turn) ? [[...growing][turn % growing.size]!] : takenByShare;
  const pipeline = oneOf(names);
  const grows = growing.has(pipeline);
  const added = pipeline in lags ? [...additions, ...lateAdditions] : additions;

  const drop = (after: Act['after'], key = below(3)): Act =>
    grows ? { after, do: 'drop', key: 0, rows: oneOf(added) } : { after, do: 'drop', key, rows: oneOf(contents) };
  const acts: Act[] = pipeline === 'looked' ? [{ after: 0, do: 'refer', edition: 1 }, drop(0)] : [drop(0)];
  if (chance() < 0.4) acts.push(drop(below(130)));
  if (chance() < 0.1) acts.push(drop(below(130)));
  if (grows) acts.push(drop(below(2) * 1000 + below(200)));
  if (pipeline === 'counted') acts.push(drop(below(60), 3));
  if (pipeline === 'marked') acts.push({ after: below(60), do: 'mark' }, { after: below(160), do: 'mark' });
  if (pipeline === 'looked') acts.push({ after: below(100), do: 'refer', edition: 2 });
  if (chance() < 0.12) acts.push({ after: below(120), do: 'start' });
  if (chance() < 0.15) {
    const run = below(2);
    acts.push({ after: 10 + below(110), do: 'cancel', run });
    if (chance() < 0.6) acts.push({ after: 60 + below(120), do: 'retry', run });
  }
  if (chance() < 0.08) {
    const after = below(100);
    acts.push({ after, do: 'pause' }, { after: after + below(80), do: 'resume' });
  }
  if (chance() < 0.05) acts.push({ after: below(120), do: 'deploy', edition: 1 });
  if (chance() < 0.1) acts.push({ after: below(100), do: 'skew', minutes: oneOf(minutesOff) });

  if (pipeline === 'reviewed' && chance() < 0.7)
    for (let people = chance() < 0.3 ? 2 : 1; people > 0; people--)
      acts.push({ after: 0, do: 'decide', decision: oneOf(['approve', 'release', 'reject']) });
  if (chance() < 0.06) {
    const after = below(100);
    const times = [9, below(8), below(8)].map((hoursAgo, index): Act => {
      return { after: after + (index === 0 ? 0 : 30 + below(4)), do: 'time', hoursAgo };
    });
    acts.push(...times);
  }

  if (pipeline === 'backfilled') acts.push(...backfills({ below, chance }));

  const mishaps = times(
    4,
    (): Mishap =>
      chance() < 0.75
        ? { by: 'function', at: below(functionCalls), what: oneOf(mishapKinds) }
        : { by: 'service', at: below(serviceCalls), what: oneOf(serviceMishaps) },
  );
  if (pipeline === 'backfilled' && chance() < 0.5)
    mishaps.push({ by: 'person', at: below(personCalls), what: oneOf(['kill before', 'kill after']) });
  if (chance() < 0.06) {
    mishaps.push(outage(oneOf(functions), oneOf(['break', 'kill before', 'kill after'])));
    acts.push({ after: 1000, do: 'redrive', run: 0 }, { after: 2000, do: oneOf(['redrive', 'retry']), run: 0 });
  }
  const order = chance() < 0.5 ? [] : times(80, () => (chance() < 0.5 ? 0 : below(6)));
  if (chance() < 0.04) {
    const after = 40 + below(120);
    for (const by of ['one', 'another']) acts.push({ after, do: 'acknowledge', run: below(2), by });
  }
  if (acts.some(({ do: what }) => askedAgain.has(what)) && chance() < 0.3)
    mishaps.push({ by: 'person', at: below(callsOfRequests), what: oneOf(['kill before', 'kill after']) });
  // Last, so that what comes before them is what it was without them.
  if (acts.some((act) => act.do === 'deploy') && chance() < 0.5)
    acts.push({ after: 120 + below(120), do: 'deploy', edition: 0 });
  if (chance() < 0.1) mishaps.push(...deliveries({ below, chance }, pipeline));
  const further = [upkeep({ below, chance }, pipeline)];
  if (chance() < 0.1) further.push(meeting({ below, chance }, drop));
  for (const more of further) {
    acts.push(...more.acts);
    mishaps.push(...more.mishaps);
  }
  const limits = workers({ below, chance }, pipeline);
  return { pipeline, acts, mishaps, order, ...(limits && { workers: limits }) };
}
