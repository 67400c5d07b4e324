/** Style of the page for people. Colours are variables, so that dark mode changes them in one place. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #fff; --edge: #d9dde3; --text: #1b2130; --dim: #596274; --link: #1d56b8;
  --critical: #b91c26; --error: #b91c26; --warning: #8f5b00; --info: #2a5fae; --good: #1a7f4b;
  --bad-soft: #fdeaea; --warn-soft: #fdf3dd; --good-soft: #e7f5ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --card: #1b2028; --edge: #343b47; --text: #e7eaf0; --dim: #a2abba; --link: #8db5ff;
    --critical: #ff7b7f; --error: #ff7b7f; --warning: #f0b64a; --info: #8db5ff; --good: #4cc588;
    --bad-soft: #371a1d; --warn-soft: #322712; --good-soft: #16291f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
p { margin: 0; }
a { color: var(--link); }
main, footer { max-width: 1000px; margin: 0 auto; padding: 0 20px; }
footer { color: var(--dim); font-size: 13px; padding-bottom: 24px; }
.stand-in { padding: 8px 20px; text-align: center; font-size: 14px; color: var(--dim); border-bottom: 1px solid var(--edge); }
.stand-in strong { color: var(--text); margin-right: 6px; }
.banner { margin: 18px 0; padding: 14px 18px; border: 1px solid var(--edge); border-left: 8px solid; border-radius: 6px; }
.banner.bad { background: var(--bad-soft); border-left-color: var(--critical); }
.banner.warn { background: var(--warn-soft); border-left-color: var(--warning); }
.banner.good { background: var(--good-soft); border-left-color: var(--good); }
h1 { font-size: 25px; line-height: 1.25; margin: 0 0 2px; text-wrap: balance; }
h2 { font-size: 17px; margin: 0 0 2px; }
h3 { font-size: 17px; margin: 4px 0; font-weight: 600; overflow-wrap: anywhere; }
.count { color: var(--dim); font-weight: 400; }
.about, .none, .dim { color: var(--dim); font-size: 14px; }
.mode { margin: 0 0 18px; padding: 10px 18px; border: 1px dashed var(--warning); border-radius: 6px; }
section { margin-bottom: 26px; }
article { margin-top: 10px; padding: 12px 16px; background: var(--card); border: 1px solid var(--edge); border-left: 6px solid; border-radius: 6px; }
article.critical { border-left-color: var(--critical); } article.error { border-left-color: var(--error); }
article.warning { border-left-color: var(--warning); } article.info { border-left-color: var(--info); }
.severity { font-weight: 700; text-transform: uppercase; font-size: 12px; letter-spacing: 0.05em; margin-right: 6px; }
.critical .severity, .severity.critical { color: var(--critical); }
.error .severity, .severity.error { color: var(--error); }
.warning .severity, .severity.warning { color: var(--warning); }
.info .severity, .severity.info { color: var(--info); }
.line .dim { margin-left: 8px; }
.dim { overflow-wrap: anywhere; }
.links { margin-top: 6px; display: flex; flex-wrap: wrap; gap: 4px 18px; }
.scroll { overflow-x: auto; margin-top: 8px; }
table { width: 100%; min-width: 620px; border-collapse: collapse; background: var(--card); border: 1px solid var(--edge); font-size: 14px; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--dim); font-weight: 400; font-size: 13px; }
th, td { padding: 6px 12px; border-bottom: 1px solid var(--edge); vertical-align: top; overflow-wrap: break-word; }
.time, .phone { white-space: nowrap; }
`;
