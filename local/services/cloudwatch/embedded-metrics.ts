import type { ServiceMetric } from '../../service.ts';

/**
 * The metrics in a log line of the embedded metric format, as functions write them to their logs; none where the line is
 * something else. A line that only looks like the format gives none either, as on AWS.
 */
export function embeddedMetrics(line: string): ServiceMetric[] {
  if (!line.includes('"_aws"')) return [];
  let document: any;
  try {
    document = JSON.parse(line.slice(line.indexOf('{')));
  } catch {
    return [];
  }
  const directives = document?._aws?.CloudWatchMetrics;
  if (!Array.isArray(directives)) return [];
  return directives.flatMap(({ Namespace, Dimensions = [[]], Metrics = [] }: any) =>
    Dimensions.flatMap((names: string[]) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(document[name])]));
      return Metrics.flatMap(({ Name, Unit }: any) => {
        const values: unknown[] = [document[Name]].flat();
        return values
          .filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
          .map((value) => ({
            namespace: Namespace,
            name: Name,
            dimensions,
            value,
            unit: Unit,
            at: document._aws.Timestamp,
          }));
      });
    }),
  );
}
