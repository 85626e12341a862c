// The look of the HTML report: one column of print-like pages, system fonts, colours as variables
// for light and dark.
#include "report_html.h"

namespace writ::evals {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--ink:#1c2024;--soft:#5c646d;--faint:#8a929b;--line:#dfe3e7;--page:#fff;--wash:#f6f7f8;
--code:#f1f3f4;--loosened:#a3341f;--tightened:#1f5f8b;--rerouted:#8a6a12;--same:#8a929b;--pass:#256b3f;--hold:#8a6a12;
--block:#a3341f;--line2:#c9cfd5;--serif:"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L","Source Serif 4",Georgia,serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8ea;--soft:#a4abb3;--faint:#7a828b;--line:#2d3338;--page:#14171a;
--wash:#1b1f23;--code:#22272c;--loosened:#e8836d;--tightened:#7db4dc;--rerouted:#d3b15c;--same:#7a828b;--pass:#7cc297;
--hold:#d3b15c;--block:#e8836d;--line2:#414950}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 var(--sans);font-variant-numeric:tabular-nums}
main{max-width:60rem;margin:0 auto;padding:3.5rem 2rem 5rem}
h1,h2,.word{font-family:var(--serif);font-weight:600;letter-spacing:-.005em}
h1{font-size:1.9rem;line-height:1.22;margin:.3rem 0 .5rem;text-wrap:balance}
h2{font-size:1.35rem;margin:3.4rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line2)}
h3{font-size:1rem;font-weight:600;margin:0;line-height:1.45}
h3.sub{margin-top:1.6rem}
p{margin:.45rem 0}
.lede{color:var(--soft);max-width:44rem}
.kicker{font-size:.8rem;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin:0}
.versions{color:var(--soft);margin:0}
.versions b{color:var(--ink);font-weight:600}
code,.words{font-family:var(--mono);font-size:.86em;unicode-bidi:isolate;overflow-wrap:break-word}
code{background:var(--code);padding:.08em .32em;border-radius:3px}
.n{color:var(--soft);font-size:.9rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .9rem .5rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{font-weight:600;font-size:.78rem;color:var(--soft);border-bottom-color:var(--line2);white-space:nowrap}
td.r,th.r{text-align:right;white-space:nowrap}
td.d{white-space:nowrap}
td.never{color:var(--loosened)}
.verdict{margin:2rem 0 0;padding:1.5rem 1.7rem 1.5rem 1.6rem;border-left:6px solid var(--tone);background:var(--wash);
display:grid;grid-template-columns:minmax(9.5rem,auto) 1fr;gap:.4rem 2rem;align-items:start}
.verdict .word{font-size:2.15rem;line-height:1.15;color:var(--tone);margin:0}
.verdict .lead{font-size:1.12rem;margin:.25rem 0 .5rem;font-weight:600;line-height:1.4}
.verdict .say p:last-child{margin-bottom:0}
.block{--tone:var(--block)}.pass{--tone:var(--pass)}.inconclusive{--tone:var(--hold)}.none{--tone:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(5,1fr);gap:0;margin:1.6rem 0 0;padding:0}
.key{margin:.9rem 0 0}
.figures div{padding:0 1rem 0 1.1rem;border-left:1px solid var(--line)}
.figures div:first-child{padding-left:0;border-left:0}
.figures dt{font-size:.8rem;color:var(--soft);line-height:1.35}
.figures dd{margin:0;font-size:1.5rem;line-height:1.3;font-family:var(--serif);font-weight:600}
.figures small{display:block;font:400 .78rem/1.35 var(--sans);color:var(--faint)}
.loosened{--tone:var(--loosened)}.tightened{--tone:var(--tightened)}.rerouted{--tone:var(--rerouted)}.same{--tone:var(--same)}
.tag{display:inline-block;font:600 .74rem/1.5 var(--sans);letter-spacing:.03em;color:var(--tone);border:1px solid var(--tone);
border-radius:3px;padding:.02rem .42rem;margin-right:.45rem;white-space:nowrap;vertical-align:.08em}
.tag.full{background:var(--tone);color:var(--page)}
.gate{display:grid;grid-template-columns:7.4rem 1fr;gap:0 1.3rem;padding:1rem 0;border-bottom:1px solid var(--line)}
.gate>div{min-width:0}
.gate p{margin:.25rem 0}
.gate .aside{color:var(--soft);font-size:.88rem}
.share{display:block;width:100%;max-width:26rem;height:auto;margin:.5rem 0 .2rem}
.flip{border-collapse:separate;border-spacing:3px;width:auto;min-width:60%}
.flip th,.flip td{border:0;padding:.5rem .75rem}
.flip thead th,.flip tbody th{font:400 .84rem/1.3 var(--mono);color:var(--ink);white-space:nowrap}
.flip tbody th{text-align:right;padding-left:0;vertical-align:middle}
.flip thead th.axis,.flip .corner{font:400 .78rem/1.3 var(--sans);color:var(--soft)}
.flip td{text-align:right;min-width:7.2rem;border-radius:3px;background:var(--wash);font-size:1.02rem}
.flip td small{display:block;font-size:.76rem;color:var(--soft)}
.flip td.cell{background:color-mix(in srgb,var(--tone) var(--heat),var(--wash))}
.flip td.empty{color:var(--faint)}
.key{font-size:.84rem;color:var(--soft);margin-top:.5rem}
.key i{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;background:var(--tone);margin:0 .35rem 0 1rem;vertical-align:-.06rem}
.key i:first-child{margin-left:0}
.change{border-left:4px solid var(--tone);padding:.15rem 0 .2rem 1.25rem;margin:2rem 0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem;margin:.8rem 0}
.pair>div{background:var(--wash);padding:.65rem .85rem .75rem;border-radius:3px;min-width:0}
.pair h4,.example h4{font-size:.78rem;font-weight:600;color:var(--soft);margin:0 0 .2rem}
.pair .words{font-size:.84rem;line-height:1.5}
.pair .why{font-size:.84rem;color:var(--soft);margin:.2rem 0 .55rem}.pair .why:last-child{margin-bottom:0}
.example{margin:.9rem 0}
.facts{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:.25rem 0 .5rem;padding:0;font-size:.86rem}
.facts div{display:flex;gap:.35rem;min-width:0}
.facts dt{color:var(--soft)}
.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere;unicode-bidi:isolate}
.line td,.line th{padding-top:.32rem;padding-bottom:.32rem;font-size:.84rem}
.line tr.here td{background:color-mix(in srgb,var(--tone) 9%,transparent)}
.line tr.here td:first-child{box-shadow:inset 3px 0 0 var(--tone)}
.line td:first-child{padding-left:.6rem;white-space:nowrap;color:var(--soft)}
.line th:first-child{padding-left:.6rem}
.line tr.after{color:var(--faint)}
.line tr.after td:first-child{color:var(--faint)}
.line .cut td{color:var(--soft);font-style:italic;border-bottom-style:dashed}
details{margin:.5rem 0}
summary{cursor:pointer;color:var(--soft);font-size:.9rem}
summary:focus-visible{outline:2px solid var(--tightened);outline-offset:2px}
.bar{display:flex;height:.55rem;width:100%;min-width:7rem;background:var(--code);border-radius:2px;overflow:hidden;margin-top:.45rem}
.bar span{background:var(--tone);min-width:1px}
.charts{display:grid;gap:1.9rem;margin-top:1rem}
.charts svg{display:block;width:100%;height:auto}
.axis{stroke:var(--line2);stroke-width:1}.grid{stroke:var(--line);stroke-width:1}
.old{fill:var(--same);opacity:.33}.new{fill:none;stroke:var(--tightened);stroke-width:1.6;stroke-linejoin:round}
svg text{font:11px var(--sans);fill:var(--soft)}
.ci{stroke:var(--soft);stroke-width:2}.dot{fill:var(--ink)}.limit{stroke:var(--block);stroke-width:1.5;stroke-dasharray:3 2}
.digests td{font-size:.84rem}.digests code{background:none;padding:0}
.notes{padding-left:1.15rem;margin:.5rem 0}.notes li{margin:.3rem 0}
footer{margin-top:3.5rem;color:var(--faint);font-size:.82rem}
@media (max-width:44rem){main{padding:1.6rem 1.1rem 3rem}h1{font-size:1.5rem}h2{margin-top:2.6rem}
.verdict{grid-template-columns:1fr;padding:1.1rem 1.1rem 1.2rem}.verdict .word{font-size:1.8rem}
.figures{grid-template-columns:1fr 1fr;gap:1.1rem 0}.figures div,.figures div:first-child{padding:0 .6rem 0 0;border:0}
.gate{grid-template-columns:1fr;gap:.3rem}.pair{grid-template-columns:1fr;gap:.6rem}.change{padding-left:.85rem}
.flip td{min-width:5.4rem;padding:.45rem .5rem}.flip thead th,.flip tbody th{white-space:normal;padding:.3rem}
.digests code{font-size:.72rem}}
@media print{:root{--ink:#000;--soft:#444;--faint:#666;--line:#ccc;--line2:#999;--page:#fff;--wash:#f4f4f4;--code:#eee;
--loosened:#a3341f;--tightened:#1f5f8b;--rerouted:#8a6a12;--same:#8a929b;--pass:#256b3f;--hold:#8a6a12;--block:#a3341f}
@page{margin:16mm 15mm}body{font-size:10.5pt}main{padding:0;max-width:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
h2,h3,.lede,.change>.n{break-after:avoid}.lede,.flip,.pair,.gate,.example,.verdict,.figures,.charts>div,tr{break-inside:avoid}.scroll{overflow:visible}
details:not([open]){display:none}}
)css";

}  // namespace

std::string_view HtmlStyle() { return kStyle; }

}  // namespace writ::evals
