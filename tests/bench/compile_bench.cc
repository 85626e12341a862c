// Compiling generated policies: from syntax tree to verified table, with reading the text beside
// it, and a check that the compiled table decides as the naive way does. Entry point:
// `RegisterCompileBenchmarks`.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "bench.h"
#include "writ/compiler/compile.h"
#include "writ/lang/parse.h"

namespace writ::bench {
namespace {

struct Parsed {
  lang::SourceSet sources;
  lang::Ast ast;
  std::size_t text_bytes = 0;
  double parse_ms = 0;
};

void ShowDiagnostics(const lang::DiagnosticSink& sink) {
  int shown = 0;
  for (const lang::Diagnostic& d : sink.Sorted()) {
    if (++shown > 5) break;
    std::fprintf(stderr, "%s: %s\n", std::string(lang::Info(d.kind).code).c_str(),
                 d.message.c_str());
  }
}

bool ParsePolicy(const Policy& policy, Parsed* out) {
  const std::string text = ToSource(policy);
  out->text_bytes = text.size();
  const lang::FileId file = out->sources.AddText("bench.writ", text);
  lang::DiagnosticSink sink;
  const auto start = std::chrono::steady_clock::now();
  auto ast = lang::Parse(out->sources, file, sink);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  out->parse_ms = took.count();
  if (!ast || sink.HasErrors()) {
    ShowDiagnostics(sink);
    return false;
  }
  out->ast = *std::move(ast);
  return true;
}

void BenchCompile(benchmark::State& state, const Policy& policy) {
  Parsed parsed;
  if (!ParsePolicy(policy, &parsed)) return state.SkipWithError("the policy has errors");
  std::vector<const lang::Policy*> policies;
  for (const lang::Policy& p : parsed.ast.policies) policies.push_back(&p);
  std::size_t bytes = 0;
  double compile_ms = 1e300;
  for (auto _ : state) {
    lang::DiagnosticSink sink;
    const auto start = std::chrono::steady_clock::now();
    const auto compiled = compiler::Compile(policies, parsed.sources, sink);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    if (!compiled) {
      ShowDiagnostics(sink);
      return state.SkipWithError("the policy does not compile");
    }
    compile_ms = std::min(compile_ms, took.count());
    bytes = compiled->bytes.size();
  }
  state.counters["compile_over_parse"] = compile_ms / parsed.parse_ms;
  state.counters["parse_MB_per_s"] =
      static_cast<double>(parsed.text_bytes) / parsed.parse_ms / 1000;
  state.counters["table_KiB"] = static_cast<double>(bytes) / 1024;
}

}  // namespace

std::vector<unsigned char> CompileToBytes(const Policy& policy) {
  Parsed parsed;
  if (!ParsePolicy(policy, &parsed)) return {};
  std::vector<const lang::Policy*> policies;
  for (const lang::Policy& p : parsed.ast.policies) policies.push_back(&p);
  lang::DiagnosticSink sink;
  auto compiled = compiler::Compile(policies, parsed.sources, sink);
  if (!compiled) ShowDiagnostics(sink);
  return compiled ? std::move(compiled->bytes) : std::vector<unsigned char>();
}

void RegisterCompileBenchmarks() {
  const auto compile = [](const std::string& name, Policy policy) {
    benchmark::RegisterBenchmark(("compile/" + name).c_str(), [policy](benchmark::State& state) {
      BenchCompile(state, policy);
    })->Unit(benchmark::kMillisecond);
  };
  compile("scoped/1000", Scoped(1000));
  compile("scoped/10000", Scoped(10000));
  compile("scoped_deny/1000", ScopedDeny(1000));
  compile("acl/1000", Acl(1000));
}

}  // namespace writ::bench
