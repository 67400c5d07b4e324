/** The style sheet of the status page. Colours are variables, so that dark mode changes them in one place. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #fff; --edge: #d9dde3; --text: #1b2130; --dim: #596274;
  --good: #1a7f4b; --bad: #b91c26; --warn: #8f5b00; --none: #6b7484;
  --good-soft: #e7f5ec; --bad-soft: #fdeaea; --warn-soft: #fdf3dd; --none-soft: #eef0f3;
  --queue: #8a63d2; --inference: #2f6fd6; --rest: #aab2be; --link: #1d56b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --card: #1b2028; --edge: #343b47; --text: #e7eaf0; --dim: #a2abba;
    --good: #4cc588; --bad: #ff7b7f; --warn: #f0b64a; --none: #98a1b0;
    --good-soft: #16291f; --bad-soft: #371a1d; --warn-soft: #322712; --none-soft: #232932;
    --queue: #a98bec; --inference: #6ea2f7; --rest: #5b6472; --link: #8db5ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
.page { max-width: 1240px; margin: 0 auto; padding: 12px 20px 28px; }
p { margin: 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code { font: 0.92em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
h1 { font-size: 27px; line-height: 1.25; margin: 2px 0 8px; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 8px; }
h3 { font-size: 13px; font-weight: 400; color: var(--dim); margin: 12px 0 4px; }
.small { font-size: 13px; }
.dim, .owner, .since { color: var(--dim); font-weight: 400; }
.dash { color: var(--dim); cursor: help; }
.over { color: var(--bad); } .refused { color: var(--warn); }
.error { overflow-wrap: anywhere; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.defs { position: absolute; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 16px; margin-bottom: 10px; }
.brand { font-weight: 650; }
.demo { background: #ffd84d; color: #1b1600; border-bottom: 8px solid; border-image: repeating-linear-gradient(-45deg, #1b1600 0 12px, #ffd84d 12px 24px) 8; padding: 10px 20px; text-align: center; }
.demo strong { font-size: 22px; letter-spacing: 0.12em; margin-right: 8px; }
.headline { background: var(--none-soft); border: 1px solid var(--edge); border-left: 8px solid var(--none); border-radius: 6px; padding: 14px 18px; margin-bottom: 20px; }
.headline.good { background: var(--good-soft); border-left-color: var(--good); }
.headline.warning { background: var(--warn-soft); border-left-color: var(--warn); }
.headline.broken { background: var(--bad-soft); border-left-color: var(--bad); }
.level { display: flex; align-items: center; gap: 6px; font-weight: 650; color: var(--none); }
.good .level { color: var(--good); } .warning .level { color: var(--warn); } .broken .level { color: var(--bad); }
.icon { fill: currentColor; } .icon .cut { fill: none; stroke: var(--card); stroke-width: 1.8; }
.headline .verdict { font-size: 15px; margin-bottom: 6px; }
.next { margin-top: 8px; }
.notes { margin: 10px 0 0; padding: 8px 0 0 18px; border-top: 1px solid var(--edge); font-size: 14px; }
section { margin-bottom: 22px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; font-weight: 400; }
thead th, caption { color: var(--dim); font-size: 13px; text-align: left; }
.models { background: var(--card); border: 1px solid var(--edge); }
.models > thead > tr > th { padding: 6px 14px; border-bottom: 1px solid var(--edge); }
.models > tbody > tr > * { padding: 11px 14px; border-bottom: 1px solid var(--edge); }
.models > thead th:first-child { border-left: 5px solid transparent; }
.models > tbody > tr > th { border-left: 5px solid var(--none); }
.models > tbody > .healthy > th { border-left-color: var(--good); }
.models > tbody > .degraded > th { border-left-color: var(--warn); }
.models > tbody > .unhealthy > th { border-left-color: var(--bad); }
@media (min-width: 1061px) {
  .models > tbody > tr > td:nth-child(2) { width: 336px; }
  .models > tbody > tr > td:nth-child(3) { width: 492px; }
}
.model { font-weight: 600; overflow-wrap: anywhere; }
.state { font-weight: 600; color: var(--none); }
.healthy .state, .healthy .dot { color: var(--good); }
.degraded .state, .degraded .dot { color: var(--warn); }
.unhealthy .state, .unhealthy .dot { color: var(--bad); }
.dot { display: inline-block; width: 9px; height: 9px; margin-right: 6px; border-radius: 50%; background: currentColor; }
.unhealthy .dot, .run-failure .dot { border-radius: 0; }
.degraded .dot, .run-account .dot, .run-app .dot { border-radius: 0; transform: rotate(45deg) scale(0.9); }
.unknown .dot { background: none; border: 2px solid currentColor; }
.numbers { width: 462px; table-layout: fixed; }
.numbers thead th:first-child { width: 80px; } .numbers thead th:last-child { width: 110px; }
.numbers th, .numbers td { padding: 1px 8px 1px 0; white-space: nowrap; }
.numbers tbody th { color: var(--dim); font-size: 13px; }
.numbers .none { color: var(--dim); white-space: normal; font-style: italic; font-size: 13px; }
.strip, .anatomy svg, .meter { display: block; max-width: 100%; }
.base { stroke: var(--edge); } .limit { stroke: var(--dim); stroke-dasharray: 3 3; stroke-width: 1; }
.column { fill: transparent; }
.run-ok .bar { fill: var(--good); } .run-cancelled .bar { fill: var(--rest); }
.run-failure .bar, .run-timeout .bar { fill: url(#hatch); } .run-account .bar, .run-app .bar { fill: url(#dots); }
.run-failure .column, .run-timeout .column { fill: var(--bad); fill-opacity: 0.16; }
.mark { fill: none; stroke: var(--bad); stroke-width: 1.4; }
.run-account .mark, .run-app .mark { stroke: var(--warn); }
.hatch-ground { fill: var(--bad-soft); } .hatch-line { fill: var(--bad); }
.dots-ground { fill: var(--warn-soft); } .dots-dot { fill: var(--warn); }
.axis { display: flex; justify-content: space-between; width: 280px; max-width: 100%; color: var(--dim); font-size: 12px; line-height: 1.3; }
.anatomy { margin-top: 5px; } .anatomy p { font-size: 12.5px; } .part { white-space: nowrap; margin-right: 3px; }
.part-queue { fill: var(--queue); } .part-inference { fill: var(--inference); } .part-rest { fill: var(--rest); }
.swatch { display: inline-block; width: 9px; height: 9px; margin: 0 4px 0 0; }
.swatch.queue { background: var(--queue); } .swatch.inference { background: var(--inference); } .swatch.rest { background: var(--rest); }
.legend { display: flex; flex-wrap: wrap; align-items: end; gap: 4px 16px; margin: 0 0 8px; padding: 0; list-style: none; color: var(--dim); font-size: 13px; }
.legend .key { vertical-align: bottom; margin-right: 5px; }
.columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 20px; align-items: start; }
.columns section { background: var(--card); border: 1px solid var(--edge); border-radius: 6px; padding: 14px 16px; }
.support { background: var(--card); border: 1px solid var(--bad); border-radius: 6px; padding: 12px 18px; }
.support pre { font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--none-soft); border: 1px solid var(--edge); border-radius: 4px; padding: 10px 12px; margin: 8px 0 0; }
.support pre, .copy { user-select: all; }
.news { list-style: none; margin: 0; padding: 0; } .news li { padding: 4px 0; border-top: 1px solid var(--edge); }
.news .small { display: block; } .off { margin-top: 8px; }
.plain th, .plain td { padding: 4px 10px 4px 0; border-top: 1px solid var(--edge); }
.plain thead th { border-top: 0; }
.plain caption { padding-top: 10px; }
.plain tbody th, .plain td { overflow-wrap: anywhere; }
.plain .small { display: block; }
.plain td:last-child, .plain td:nth-child(2) .fixed { white-space: nowrap; }
.plain td:last-child .small { white-space: normal; }
.facts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px 16px; margin: 0; }
.facts dt { color: var(--dim); font-size: 13px; } .facts dd { margin: 0; } .wide { grid-column: 1 / -1; }
.facts .wide p { margin-bottom: 3px; }
.meter-ground { fill: var(--none-soft); stroke: var(--edge); } .meter-used { fill: var(--inference); } .full .meter-used { fill: url(#hatch); }
.runs, .steps { list-style: none; margin: 0; padding: 0; }
.runs > li + li { border-top: 1px solid var(--edge); }
summary { display: grid; grid-template-columns: 14px max-content 1.3fr 1fr 74px; gap: 0 8px; padding: 5px 2px; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: '\\25B8'; color: var(--dim); } [open] > summary::before { content: '\\25BE'; }
summary .when { white-space: nowrap; }
summary .when, .steps .when { color: var(--dim); font-variant-numeric: tabular-nums; }
summary .long { text-align: right; white-space: nowrap; }
summary.run-failure .how { color: var(--bad); } summary.run-account .how, summary.run-app .how { color: var(--warn); } summary.run-ok .dot { color: var(--good); }
details[open] { padding-bottom: 8px; }
.steps { padding-left: 14px; border-left: 3px solid var(--edge); }
.steps .when { display: inline-block; min-width: 62px; }
.problems { margin: 6px 0 0; padding-left: 18px; overflow-wrap: anywhere; }
footer { color: var(--dim); font-size: 14px; }
@media (max-width: 1060.9px) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  .models > thead { position: absolute; clip-path: inset(50%); }
  .models, .models > tbody, .models > tbody > tr, .models > tbody > tr > * { display: block; width: auto; }
  .models > tbody > tr > * { border-bottom: 0; padding-bottom: 4px; border-left: 5px solid var(--none); }
  .models > tbody > .healthy > * { border-left-color: var(--good); }
  .models > tbody > .degraded > * { border-left-color: var(--warn); }
  .models > tbody > .unhealthy > * { border-left-color: var(--bad); }
  .models > tbody > tr { border-bottom: 1px solid var(--edge); padding-bottom: 0; }
}
@media (max-width: 480px) {
  .page { padding: 10px 10px 24px; }
  h1 { font-size: 22px; }
  .models > tbody > tr > * { padding: 8px 10px 4px; }
  .numbers { width: 100%; } .numbers th, .numbers td { padding-right: 4px; font-size: 12.5px; }
  .numbers thead th:first-child { width: 66px; } .numbers thead th:last-child { width: 70px; }
  .numbers td, .plain td:last-child, .plain .fixed { white-space: normal; }
  .facts { grid-template-columns: minmax(0, 1fr); }
  .plain { font-size: 14px; } .plain th, .plain td { padding-right: 6px; hyphens: auto; overflow-wrap: anywhere; }
  .plain .num, .plain thead th { white-space: nowrap; overflow-wrap: normal; hyphens: manual; }
  summary { grid-template-columns: 14px max-content minmax(0, 1fr) max-content; } summary .how { grid-column: 2 / -1; grid-row: 2; }
}
`;
