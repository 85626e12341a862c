// `writ show` for readers: what one role may do, in four shapes.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "writ/analysis/standing.h"
#include "writ/runtime/table.h"

namespace writ::cli {

struct ShowDocument {
  std::string policy, version, title, digest;
  std::string role, kind;  // kind: `agent`
  std::string intent;      // of the requests, where it is fixed as such; may be empty
  std::vector<std::pair<std::string, std::string>> given;  // what is fixed, in the policy's words
  std::vector<analysis::Standing> standings;               // what is had alone first
  std::vector<std::pair<analysis::PageRow, std::string>> term;  // each with the capabilities it is
                                                                // of; empty: of all that are had
  bool whole = true;                                            // nothing stayed open
};

// `where` names the role. Of all capabilities, or of the one that is named.
ShowDocument DescribeRole(const runtime::Table&, runtime::RoleId, const std::string& capability,
                          const analysis::Restriction& where);

// Of an agent or a coordinator: without what is for critics alone.
void WithholdFromModels(const runtime::Table&, ShowDocument&);

std::string ShowText(const ShowDocument&);
std::string ShowMarkdown(const ShowDocument&);
std::string ShowHtml(const ShowDocument&);
std::string ShowJson(const ShowDocument&);

// What is had within the intent: always, when, unless.
std::string ShortText(const ShowDocument&);
std::string ShortMarkdown(const ShowDocument&);
std::string ShortHtml(const ShowDocument&);
nlohmann::ordered_json ShortJson(const ShowDocument&);

// What the shapes share. `never`, `asks board`, `alone`.
std::string HowDecided(const analysis::PageRow&);
// What is said of a row besides where it holds: its reason, or the words of what no author wrote.
std::string WhyOf(const analysis::PageRow&);
// Capabilities that no delegation or grant covers.
std::vector<std::string> Uncovered(const ShowDocument&);
const char* RoleKindName(runtime::RoleKind);

}  // namespace writ::cli
