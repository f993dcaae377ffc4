import { expect, test } from 'vitest';
import { growing } from './growth.ts';
import type { PipelineName } from './pipelines.ts';
import { type Task, takeTask, tasksOf } from './tasks.ts';

const all = tasksOf({ histories: 600, systematic: true, cases: true });

test('what is struck comes first, then histories of seeds, and stored cases when both are over', () => {
  const parts = all.map(({ part }) => part);
  const last = (part: Task['part']) => parts.lastIndexOf(part);
  expect(parts[0]).toBe('systematic');
  expect(parts.indexOf('random')).toBe(last('systematic') + 1);
  expect(parts.indexOf('cases')).toBe(last('random') + 1);
  expect(last('cases')).toBe(parts.length - 1);
});

test('those whose files grow, which are few and take long, do not come last among the histories of seeds', () => {
  const pipelines = tasksOf({ histories: 500 }).map(({ pipeline }) => pipeline);
  const places = [...growing].map((pipeline) => pipelines.indexOf(pipeline));
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...places)).toBeLessThan(pipelines.length / 2);
});

test('a process takes what is about a pipeline that it knows, but nothing of a part that is not begun', () => {
  const left = [...all];
  const played = new Set<PipelineName>();
  const taken: Task[] = [];
  for (let task = takeTask(left, played); task; task = takeTask(left, played)) {
    taken.push(task);
    played.add(task.pipeline);
  }
  expect(taken.map(({ part }) => part)).toEqual(all.map(({ part }) => part));
  expect(new Set(taken)).toEqual(new Set(all));
});
