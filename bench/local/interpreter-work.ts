/** One go of an interpreter in a process of its own: `node bench/local/interpreter-work.ts penstock|peer map|loop <executions>`. */
import type { HistoryEvent } from '../../local/states/history.ts';
import { compileMachine } from '../../local/states/machine.ts';
import { Payload } from '../../local/states/payload.ts';
import { runMachine } from '../../local/states/run-machine.ts';
import { bareEnvironment } from './bare-environment.ts';
import { machines } from './machines.ts';

const [contender, name, executionsText] = process.argv.slice(2);
const { definition, input, transitions } = machines[name as 'map' | 'loop'];

/** Both keep every event of the history until the execution is over. */
const contenders = {
  async penstock() {
    const machine = compileMachine(definition);
    const text = JSON.stringify(input);
    const identity = {
      arn: 'arn:aws:states:us-east-1:000000000000:express:bench:run:1',
      name: 'run',
      roleArn: 'arn:aws:iam::000000000000:role/bench',
      startTime: Date.now(),
      // Of an express execution: a standard one may not have as many events as 10,000 items make.
      redriveCount: undefined,
      machineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:bench',
      machineName: 'bench',
    };
    return async () => {
      const events: HistoryEvent[] = [];
      const signal = new AbortController().signal;
      const outcome = await runMachine(machine, Payload.parse(text), identity, bareEnvironment(events), { signal });
      if (outcome.status !== 'SUCCEEDED') throw new Error(`${outcome.status}: ${outcome.error} ${outcome.cause}`);
      return { output: outcome.output.text, events: events.length };
    };
  },
  async peer() {
    const { StateMachine } = await import('aws-local-stepfunctions');
    const machine = new StateMachine(definition);
    return async () => {
      const { result, eventLogs } = machine.run(input);
      let events = 0;
      const kept: unknown[] = [];
      const reading = (async () => {
        for await (const event of eventLogs) kept[events++] = event;
      })();
      const output = JSON.stringify(await result);
      await reading;
      return { output, events };
    };
  },
};

const run = await contenders[contender as 'penstock' | 'peer']();
const { output, events } = await run();
const start = performance.now();
for (let n = 0; n < Number(executionsText); n++) await run();
const seconds = (performance.now() - start) / 1000;
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  JSON.stringify({
    perSecond: (transitions * Number(executionsText)) / seconds,
    events,
    peakBytes,
    outputBytes: output.length,
  }),
);
