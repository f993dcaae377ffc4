import { join } from 'node:path';
import { compare, type Row } from './row.ts';
import { runWork } from './run-work.ts';

interface Go {
  readonly perSecond: number;
}

const executions = { map: 5, loop: 20 };

/** Transitions per second of the interpreter and of its peer, each in a process of its own. */
export async function measureInterpreter(repeat: number): Promise<Row[]> {
  const file = join(import.meta.dirname, 'interpreter-work.ts');
  const rows: Row[] = [];
  for (const [machine, what] of [
    ['map', 'inline Map of 10,000 items'],
    ['loop', 'loop of 1,000 steps'],
  ] as const) {
    const goes: { penstock: Go[]; peer: Go[] } = { penstock: [], peer: [] };
    for (let round = 0; round < repeat; round++) {
      // The peer is so much slower that fewer executions take it as long.
      goes.penstock.push(await runWork(file, ['penstock', machine, String(executions[machine])]));
      goes.peer.push(await runWork(file, ['peer', machine, '1']));
    }
    rows.push(
      compare(`interpreter: ${what}`, 'transitions/s', goes, (go) => go.perSecond, {
        peer: 'aws-local-stepfunctions 3.0.0',
        target: 2,
      }),
    );
  }
  return rows;
}
