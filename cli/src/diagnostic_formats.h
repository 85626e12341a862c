// What was said about policies, for code hosts: SARIF 2.1.0, and annotations of GitHub workflows.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "load.h"

namespace writ::cli {

// One log with one run, of all policies together. Paths are as given; a relative one is relative to
// %SRCROOT%.
std::string RenderSarif(const std::vector<CompiledPolicy>&);

// One line each: `::error file=p.writ,line=3,col=5,endLine=3,endColumn=9,title=gap::message`.
std::string RenderGithub(const CompiledPolicy&);

// The parts that every SARIF log of writ shares. A path as RFC 3986 has it: a colon or a space in a
// file's name must not turn it into something else.
std::string UriOf(std::string_view path);
std::string SarifDocument(nlohmann::ordered_json rules, nlohmann::ordered_json results);

}  // namespace writ::cli
