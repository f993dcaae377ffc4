import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import type { Meter } from '../../lib/runtime/ports/meter.ts';

const powertools = new Metrics();

/** Writes what was counted when the function ends, whether it succeeded or not. */
export const metrics = () => logMetrics(powertools, { captureColdStartMetric: true });

export const meter: Meter = {
  count: (name, value) => powertools.addMetric(name, MetricUnit.Count, value),
  milliseconds: (name, value) => powertools.addMetric(name, MetricUnit.Milliseconds, value),
  bytes: (name, value) => powertools.addMetric(name, MetricUnit.Bytes, value),
};
