// Entry points: PageStart, Html, Code.
#include "html.h"

#include <fmt/format.h>

namespace writ::cli {
namespace {

constexpr const char* kPageStyle = R"(
:root { --ink:#1c2430; --soft:#5d6878; --line:#dfe4ea; --paper:#fff; --wash:#f6f8fa;
  --deny:#a61b1b; --deny-bg:#fdecec; --escalate:#8a5300; --escalate-bg:#fff3d9; --allow:#14653a; --allow-bg:#e4f6ea; --note:#33507a; --note-bg:#e8f0fb; }
* { box-sizing:border-box; }
body { margin:0; background:var(--wash); color:var(--ink); font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
main { max-width:1180px; margin:0 auto; padding:36px 28px 64px; }
h1 { font-size:28px; line-height:1.2; margin:0 0 4px; letter-spacing:-.01em; }
h2 { font-size:21px; margin:0; }
section > h3:first-child { margin-top:0; }
h3 { font-size:12px; text-transform:uppercase; letter-spacing:.07em; color:var(--soft); margin:26px 0 8px; }
p { margin:0 0 10px; }
.lead { font-size:17px; color:var(--soft); }
.facts { display:flex; flex-wrap:wrap; gap:6px 28px; margin:18px 0 0; padding:0; list-style:none; font-size:13px; color:var(--soft); }
.facts b { color:var(--ink); font-weight:600; }
section { background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:24px 26px 28px; margin-top:26px; }
nav { margin-top:22px; display:grid; grid-template-columns:repeat(auto-fill,minmax(250px,1fr)); gap:12px; }
nav a { display:block; background:var(--paper); border:1px solid var(--line); border-radius:10px; padding:12px 16px; color:inherit; text-decoration:none; }
nav a:hover { border-color:var(--soft); }
nav b { display:block; font-size:15px; overflow-wrap:anywhere; }
nav span { font-size:13px; color:var(--soft); }
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; font-size:14px; }
th { text-align:left; font-weight:600; font-size:12px; color:var(--soft); padding:6px 12px 6px 0; border-bottom:2px solid var(--line); white-space:nowrap; }
td { vertical-align:top; padding:11px 14px 11px 0; border-bottom:1px solid var(--line); }
tr:last-child td { border-bottom:0; }
td.n { color:var(--soft); width:34px; font-variant-numeric:tabular-nums; }
code { font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; overflow-wrap:anywhere; }
.when code { display:block; }
.when code + code::before { content:"or "; font-family:system-ui,sans-serif; color:var(--soft); }
.badge { display:inline-block; padding:2px 10px; border-radius:99px; font-weight:600; font-size:13px; white-space:nowrap; }
.deny { color:var(--deny); background:var(--deny-bg); } .escalate { color:var(--escalate); background:var(--escalate-bg); }
.allow { color:var(--allow); background:var(--allow-bg); } .note { color:var(--note); background:var(--note-bg); }
.why { font-weight:500; } .rule, td small { display:block; color:var(--soft); font-size:12.5px; } .rule code { font-size:12px; }
.tag { display:inline-block; border:1px solid var(--line); border-radius:6px; padding:0 8px; font-size:12px; color:var(--soft); margin-right:6px; }
.tag.hot { color:var(--deny); border-color:#efc4c4; }
.stand { margin:12px 0 0; padding:0; list-style:none; font-size:14px; color:var(--soft); } .stand b { color:var(--ink); }
.always { color:var(--soft); font-style:italic; }
footer { margin-top:28px; font-size:12.5px; color:var(--soft); overflow-wrap:anywhere; }
@media print { body { background:#fff; font-size:12px; } main { max-width:none; padding:0; } nav { display:none; }
  section { border:0; padding:0; break-before:page; } section.first { break-before:auto; } tr { break-inside:avoid; }
  .badge { border:1px solid currentColor; } }
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
