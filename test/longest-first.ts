import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Beginnings of the paths of files that take more than five seconds. While the first one makes what most of the others
 * stand on, the next two do without it.
 */
const longest = [
  'test/e2e/main-job',
  'test/cli/local',
  'test/contracts/operators',
  'test/e2e/',
  'test/cli/platform-commands',
  'test/docs/guides',
  'test/engine/skew',
  'test/engine/failing-rows',
  'test/engine/hot-joins',
  'test/runtime/wide-runs',
  'test/faults/',
  'test/runtime/replay',
  'test/operators/aggregates',
  'test/cli/',
];

/** Where a long file begins last, one core has nothing to do meanwhile. A fresh checkout knows no times but these. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId, project }: TestSpecification) => {
      const path = relative(project.config.root, moduleId);
      const place = longest.findIndex((beginning) => path.startsWith(beginning));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
