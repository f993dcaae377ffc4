/** The queue of messages that start runs. */
export interface TriggerQueue {
  /** Puts a message in that nobody sees before `seconds` (at most 900) have passed. */
  sendLater(body: string, seconds: number): Promise<void>;
}
