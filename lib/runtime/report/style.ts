import { Markup } from '../../core/markup.ts';

/** Colours differ in lightness as well as in hue, and stand out from both grounds by 4.5 to 1 where they carry text. */
export const style = new Markup(`<style>
:root{color-scheme:light dark;--ground:#fff;--raised:#f6f7f9;--line:#d9dde3;--ink:#1a1f27;--faint:#566070;--good:#1a7f4b;--warn:#9a6200;--bad:#b3261e;--plain:#2f6fb3;--soft:#98a3b3;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ground:#12161c;--raised:#1b212a;--line:#343d4a;--ink:#e8ebf0;--faint:#a3adbb;--good:#4cc38a;--warn:#e0a63a;--bad:#ff7b72;--plain:#6cb0f0;--soft:#657182;--on:#12161c}}
*{box-sizing:border-box}body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.25rem 0 .5rem}p{margin:.25rem 0}.faint{color:var(--faint)}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}.badge{padding:.1rem .7rem;border-radius:1rem;font-weight:600;color:var(--on)}
.badge.pass{background:var(--good)}.badge.review{background:var(--warn)}.badge.fail{background:var(--bad)}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.5rem;margin:1rem 0}dl div{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem}dt{color:var(--faint);font-size:.85rem}dd{margin:0;font-size:1.2rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;color:var(--faint);padding:.25rem 0}th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--faint);font-weight:500}td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}td{overflow-wrap:anywhere;min-width:4rem}td.name{min-width:9rem}td.words{min-width:14rem}td.number,td.short{white-space:nowrap;overflow-wrap:normal}td code{overflow-wrap:normal}
.good{color:var(--good);fill:var(--good)}.warn{color:var(--warn);fill:var(--warn)}.bad{color:var(--bad);fill:var(--bad)}.plain{fill:var(--plain)}.soft{fill:var(--soft)}
svg{display:block;width:100%;min-width:32rem;height:auto;margin:.5rem 0;font:12px system-ui,sans-serif}svg .label,svg .value{fill:var(--ink)}svg .mark line{stroke:var(--faint);stroke-dasharray:3 3}svg .mark text{fill:var(--faint);font-size:11px}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:.25rem 0;list-style:none;font-size:.85rem;color:var(--faint)}.key svg{display:inline-block;min-width:0;width:.8rem;height:.8rem;margin:0 .35rem 0 0;vertical-align:-1px}
details{margin:.5rem 0;border:1px solid var(--line);border-radius:.5rem;padding:.4rem .75rem}summary{cursor:pointer}
</style>`);
