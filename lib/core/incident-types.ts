/** Types of the events that somebody is told of. */
export const incidentTypes = ['PipelineFailed', 'ReviewRequested', 'ReviewReminded', 'CircuitOpened'] as const;
