// Powertools writes to a console of its own unless it is told that this is no Lambda, and asks once, when it is loaded:
// whoever imports this first has said so before.
process.env.POWERTOOLS_DEV = 'true';
process.env.POWERTOOLS_METRICS_DISABLED = 'false';
