import { html, type Markup } from './markup.ts';

/** What a page says of a decision that nobody had taken when it was made. */
export function decisionNote(content: Markup): Markup {
  return html`<p id="decision">${content}</p>`;
}

/** The page with what was decided since. One that leaves no place for that stays as it is. */
export function withDecision(page: string, decision: string): string {
  return page.replace(/<p id="decision">.*?<\/p>/s, () => decisionNote(html`${decision}`).text);
}
