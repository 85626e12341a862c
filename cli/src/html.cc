// Entry points: PageStart, Html, Code.
#include "html.h"

#include <fmt/format.h>

namespace writ::cli {
namespace {

constexpr const char* kPageStyle = R"(
:root { color-scheme:light dark; --ink:#1c2430; --soft:#5d6878; --line:#dfe4ea; --paper:#fff; --wash:#f6f8fa; --link:#2456a6;
  --deny:#a61b1b; --deny-bg:#fdecec; --escalate:#8a5300; --escalate-bg:#fff3d9; --allow:#14653a; --allow-bg:#e4f6ea; --note:#33507a; --note-bg:#e8f0fb; }
@media (prefers-color-scheme:dark) { :root { --ink:#e4e8ee; --soft:#9aa5b4; --line:#313a46; --paper:#1a2029; --wash:#12161c; --link:#8db4f2;
  --deny:#f09a9a; --deny-bg:#45191b; --escalate:#eebf6d; --escalate-bg:#40300f; --allow:#83d3a4; --allow-bg:#143522; --note:#a4c3f0; --note-bg:#1d2f4a; } }
* { box-sizing:border-box; }
html { -webkit-text-size-adjust:100%; }
body { margin:0; background:var(--wash); color:var(--ink); font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif; }
main { max-width:1180px; margin:0 auto; padding:36px 28px 64px; }
h1 { font-size:28px; line-height:1.2; margin:0 0 4px; letter-spacing:-.01em; overflow-wrap:anywhere; }
h2 { font-size:21px; margin:0 0 10px; line-height:1.3; }
section > h3:first-child { margin-top:0; }
h3 { font-size:12px; text-transform:uppercase; letter-spacing:.07em; color:var(--soft); margin:26px 0 8px; }
p { margin:0 0 10px; }
a { color:var(--link); text-decoration:none; } a:hover { text-decoration:underline; }
.lead { font-size:17px; color:var(--soft); }
.facts { display:flex; flex-wrap:wrap; gap:6px 28px; margin:18px 0 0; padding:0; list-style:none; font-size:13px; color:var(--soft); }
.facts b { color:var(--ink); font-weight:600; }
section { background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:24px 26px 28px; margin-top:26px; }
section > p { max-width:820px; }
nav { margin-top:22px; display:grid; grid-template-columns:repeat(auto-fill,minmax(250px,1fr)); gap:12px; }
nav a { display:block; background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:12px 16px; color:inherit; }
nav a:hover { border-color:var(--soft); text-decoration:none; }
nav b { display:block; font-size:15px; overflow-wrap:anywhere; }
nav span { font-size:13px; color:var(--soft); }
nav.contents { display:block; } .contents ol { columns:3 260px; column-gap:32px; margin:0; padding-left:26px; color:var(--soft); font-size:14px; }
.contents li { break-inside:avoid; padding:2px 0; } .contents a { all:unset; color:var(--link); cursor:pointer; } .contents a:hover { text-decoration:underline; }
.contents a:focus-visible { outline:2px solid var(--link); outline-offset:2px; }
.columns { columns:3 260px; margin:8px 0 0; padding-left:20px; font-size:14px; } .columns li { break-inside:avoid; }
.items { margin:0 0 14px; padding-left:20px; } .items li { margin:4px 0; }
.soft { color:var(--soft); font-size:13.5px; }
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; font-size:14px; }
th { text-align:left; font-weight:600; font-size:12px; color:var(--soft); padding:6px 12px 6px 0; border-bottom:2px solid var(--line); white-space:nowrap; vertical-align:bottom; }
td { vertical-align:top; padding:11px 14px 11px 0; border-bottom:1px solid var(--line); }
tr:last-child td { border-bottom:0; }
.plain td code, .mandates td code { overflow-wrap:break-word; } .scroll + p { margin-top:14px; }
td:first-child > code:first-child, td:first-child > a:first-child { white-space:nowrap; }
td.n { color:var(--soft); width:34px; font-variant-numeric:tabular-nums; }
td.none::after { content:"\2013"; color:var(--line); }
.map td, .map th { padding-right:18px; } .map td:first-child { min-width:230px; } .mandates td:last-child, .mandates td:first-child b { white-space:nowrap; } .map td .soft, .mandates .soft, .plain td b + .soft { display:block; }
code { font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace; overflow-wrap:anywhere; }
.when code { display:block; }
.when code + code::before { content:"or "; font-family:system-ui,sans-serif; color:var(--soft); }
.badge { display:inline-block; padding:2px 10px; border-radius:99px; font-weight:600; font-size:13px; white-space:nowrap; }
.deny { color:var(--deny); background:var(--deny-bg); } .escalate { color:var(--escalate); background:var(--escalate-bg); }
.allow { color:var(--allow); background:var(--allow-bg); } .note { color:var(--note); background:var(--note-bg); }
.why { font-weight:500; } .rule, td small { display:block; color:var(--soft); font-size:12.5px; } .rule code { font-size:12px; }
.tag { display:inline-block; border:1px solid var(--line); border-radius:6px; padding:0 8px; font-size:12px; color:var(--soft); margin-right:6px; }
.tag.hot { color:var(--deny); border-color:var(--deny); }
.stand { margin:12px 0 0; padding:0; list-style:none; font-size:14px; color:var(--soft); } .stand b { color:var(--ink); }
.always { color:var(--soft); font-style:italic; }
figure { margin:0 0 8px; } figcaption { font-size:13px; color:var(--soft); max-width:820px; }
.graph { display:block; margin:4px auto 8px; font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif; }
.graph rect { fill:var(--paper); stroke:var(--soft); stroke-width:1.2; } .graph text { fill:var(--soft); }
.graph .name { fill:var(--ink); font-size:14px; font-weight:600; }
.graph .agent rect, .graph .coordinator rect { fill:var(--note-bg); stroke:var(--note); } .graph .party rect { stroke-dasharray:4 3; }
.graph .anchor rect { fill:var(--escalate-bg); stroke:var(--escalate); } .graph .end rect { fill:var(--deny-bg); stroke:var(--deny); } .graph .end .name { fill:var(--deny); }
.graph .edge { fill:none; stroke:var(--soft); stroke-width:1.3; } .graph .mandate { stroke:var(--note); } .graph .silence { stroke:var(--deny); stroke-dasharray:4 3; }
.graph .tip { fill:var(--note); stroke:none; } .graph .tip.silence { fill:var(--deny); }
.graph .label { font-size:12px; paint-order:stroke; stroke:var(--paper); stroke-width:4px; stroke-linejoin:round; }
.time { margin-top:14px; font-size:14px; }
.stretch { display:grid; grid-template-columns:minmax(150px,22%) 1fr minmax(190px,27%); gap:0 18px; align-items:center; padding:7px 0; border-bottom:1px solid var(--line); break-inside:avoid; }
.stretch:last-child { border-bottom:0; } .until { color:var(--soft); font-size:13px; } .name .soft { display:block; }
.rail { position:relative; height:18px; } .rail i { position:absolute; top:0; bottom:0; }
.bar { background:var(--note-bg); border:1px solid var(--note); border-radius:4px; } .bar.open { border-right-style:dashed; }
.tick { width:1px; background:var(--note); } .rail .today { width:2px; top:-8px; bottom:-8px; background:var(--deny); }
.ends .rail { display:flex; justify-content:space-between; font-size:12px; color:var(--soft); }
footer { margin-top:28px; font-size:12.5px; color:var(--soft); overflow-wrap:anywhere; }
@media screen and (max-width:720px) { td:first-child > code, td:first-child > a { white-space:normal !important; } main { padding:20px 14px 40px; } section { padding:18px 16px 20px; } h1 { font-size:23px; }
  .plain thead, .map thead, .mandates thead, .rows thead { display:none; }
  .plain tr, .map tr, .mandates tr, .rows tr { display:block; padding:12px 0; border-bottom:1px solid var(--line); } tbody tr:last-child { border-bottom:0; }
  .plain td, .map td, .mandates td, .rows td { display:block; border:0; padding:2px 0; min-width:0; overflow-wrap:anywhere; } td.none { display:none !important; } .rows td.n { float:right; } .plain td code, .mandates td code { overflow-wrap:anywhere; }
  td[data-head]:not(:first-child)::before { content:attr(data-head) ": "; color:var(--soft); font-size:12.5px; }
  .stretch { grid-template-columns:1fr; gap:4px; } .graph { margin-left:0; } .map td .soft { display:inline; } }
@media print { :root { --ink:#000; --soft:#444; --line:#ccc; --paper:#fff; --wash:#fff; --link:#000; --deny:#a61b1b; --deny-bg:#fdecec; --escalate:#8a5300;
    --escalate-bg:#fff3d9; --allow:#14653a; --allow-bg:#e4f6ea; --note:#33507a; --note-bg:#e8f0fb; }
  * { print-color-adjust:exact; -webkit-print-color-adjust:exact; } @page { margin:16mm 14mm; }
  body { background:#fff; font-size:12px; } main { max-width:none; padding:0; } nav:not(.contents) { display:none; } .scroll { overflow:visible; } .graph { max-width:100%; height:auto; }
  section { border:0; padding:0; break-before:page; } section.first { break-before:auto; } tr, figure { break-inside:avoid; } h2, h3 { break-after:avoid; } }
)";
}  // namespace

std::string Html(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string Code(std::string_view text) { return "<code>" + Html(text) + "</code>"; }

std::string PageStart(std::string_view title) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>{}</title><style>{}</style>"
      "</head><body><main>\n",
      Html(title), kPageStyle);
}

std::string PageEnd() { return "</main></body></html>\n"; }

}  // namespace writ::cli
