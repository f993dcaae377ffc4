import { quoted } from '../../../lib/component/shape.ts';
import { route } from '../../../lib/index.ts';
import type { Sample } from '../sample.ts';

export default {
  step({ text, number }) {
    const routes = { "it's small": `${quoted(number)} < 3`, a: `${quoted(text)} = 'a'` };
    return ["it's small", 'a', 'otherwise'].map((to) => route(routes, to));
  },
} satisfies Sample;
