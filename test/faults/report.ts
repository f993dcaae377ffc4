import type { Report } from './play-all.ts';

/** What was played and what it took, for people: what the suite promises to play in a time, and then the stored cases. */
export function linesOf(report: Report): readonly string[] {
  const { systematicHistories, effects, left, randomHistories, casesHistories, survived } = report;
  const generatedSeconds = Math.max(report.systematicSeconds, report.randomSeconds);
  const generatedCpuSeconds = report.systematicCpuSeconds + report.randomCpuSeconds;
  const lines = [
    `${systematicHistories} systematic histories over ${effects} effects (no time for ${left} more), ${randomHistories} of seeds: ${took(generatedSeconds, generatedCpuSeconds)}`,
  ];
  if (casesHistories > 0) {
    const seconds = report.casesSeconds - generatedSeconds;
    lines.push(
      `${casesHistories} of stored cases, with and without their guards: ${took(seconds, report.casesCpuSeconds)} more`,
    );
  }
  return [...lines, `${survived} kills and losses survived, ${report.failed} histories failed`];
}

const took = (seconds: number, cpuSeconds: number) => `${Math.round(seconds)} s, ${Math.round(cpuSeconds)} s of CPU`;
