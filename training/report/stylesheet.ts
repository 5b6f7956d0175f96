/** Light and dark by the reader's own setting; on paper black on white, with figures and tables in one piece. */
export const stylesheet = `
:root { --text: #1f2328; --soft: #59636e; --page: #ffffff; --panel: #f6f8fa; --line: #d1d9e0; --mark: #d55e00; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e6e6; --soft: #9aa4af; --page: #15181c; --panel: #1d2126; --line: #363c44; --mark: #f0803c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1.2rem; }
h2 { font-size: 1.25rem; margin: 3rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .6rem; }
h4 { font-size: .9rem; margin: 0 0 .3rem; }
p { max-width: 48rem; margin: .5rem 0; }
.headline { border-left: 4px solid var(--mark); padding: .1rem 0 .1rem 1rem; font-size: 1.1rem; }
figure { margin: 1.4rem 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .85rem; margin-top: .5rem; max-width: 48rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; margin: 1.2rem 0 .4rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { text-align: left; padding: .32rem .9rem .32rem 0; vertical-align: top; }
th { font-weight: normal; }
thead th { color: var(--soft); border-bottom: 1px solid var(--line); vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody th { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
.highlight > * { font-weight: 600; }
.highlight > :first-child { color: var(--mark); }
td { overflow-wrap: break-word; }
article { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.2rem; margin: 1.2rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: .82rem/1.5 ui-monospace, "Cascadia Code", Menlo, "Liberation Mono", monospace; margin: 0 0 .6rem; }
.reason, .setting, .scores, .reference span { color: var(--soft); font-weight: normal; font-size: .85rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1.2rem; margin-top: .8rem; }
nav ul { list-style: none; padding: 0; margin: 1.4rem 0 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .85rem; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .2em; }
details { margin: .8rem 0; }
summary { cursor: pointer; font-size: .85rem; font-weight: 600; }
details table caption { display: none; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; color: var(--soft); font-size: .85rem; }
.tokens { line-height: 1.9; }
.tokens span { color: #15181c; white-space: pre-wrap; border-bottom: 1px solid var(--text); border-radius: 2px 2px 0 0; margin-right: 1px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.legend { font-size: .85rem; }
.legend .tokens span { padding: 0 .45em; }
.note { max-width: 60rem; color: var(--soft); font-size: .8rem; margin-top: 0; }
ol { margin: 0; padding-left: 1.3rem; font-size: .92rem; }
li { overflow-wrap: anywhere; }
@media print {
  :root { --text: #000; --soft: #444; --page: #fff; --panel: #fff; --line: #bbb; --mark: #b84f00; }
  body { font-size: 10pt; }
  table { font-size: 7.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  figure, table, article { break-inside: avoid; }
  .scroll { overflow: visible; }
  nav { display: none; }
  details { display: none; }
  .tokens span { border-bottom-color: #000; }
}
`
