export { type EventData, type EventType, eventCatalogue } from '../../component/event-catalogue.ts';
