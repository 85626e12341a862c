// Each form of the report: that it says what was found, and that hostile names stay text.
#include "writ/evals/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "replay_fixture.h"

namespace writ::evals {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::OpenTable;
using testing::RefundsPolicy;
using testing::TestCorpus;

constexpr char kHostile[] = "<script>alert(1)</script>\"'&\x01\xff]]>";

Report HostileReport(bool with_gate = true) {
  static const OpenTable baseline(RefundsPolicy{}),
      candidate(RefundsPolicy{.limit = 50'000, .version = "2.0.0"});
  TestCorpus corpus;
  corpus.Refund(kHostile, 0, 30'000, "executed after approval by refunds")
      .facts.push_back({"<b>fact", "<i>value"});
  corpus.events.back().role = "refund_agent";
  corpus.Refund(kHostile, 1, 10'000);
  corpus.Refund("quiet", 2, 10'000, "executed").observed = "deny";
  corpus.Refund("<img src=x onerror=y>", 3, 10'000).capability = "<u>unknown</u>";
  corpus.labels = {{"quiet", std::nullopt, "<em>", "<strong>", "x"}};
  const ReplayResult result = testing::MustReplay(corpus, baseline, candidate, Horizon::kRun);
  ReplaySummary summary = Summarise(result);
  std::optional<GateVerdict> verdict;
  if (with_gate) {
    const auto file = ReadGateFile(
        "gate: \"<b>gate\"\ngates:\n  - {name: \"<i>g\", kind: forbid, direction: loosened, tier: "
        "supporting, reason: \"a <s>reason\"}\n"
        "  - {name: share, kind: rate, of: escalated, max: 50%, tier: advisory}\n  - {name: ok, "
        "kind: unknown, max: 100%, tier: critical}\n"
        "waivers:\n  - {gate: \"<i>g\", owner: \"<o>\", reason: \"<r>\", expires: 2020-01-01}\n",
        "gate.yaml");
    verdict = Judge(*file, result, summary, {.as_of = "2026-11-20", .tool_version = "0.1.0"});
  }
  return MakeReport(
      result, std::move(summary), std::move(verdict),
      {.title = "A & <b>title", .tool_version = "0.1.0", .corpus_path = "runs<1>.db"});
}

// Well-formed enough: tags nest, attributes are quoted, no stray angle bracket or ampersand.
// Returns what is wrong.
std::string FaultOf(std::string_view xml, const std::set<std::string>& empty_tags) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < xml.size();) {
    if (xml[at] == '&') {
      const std::size_t end = xml.find(';', at);
      if (end == std::string_view::npos || end - at > 7) return "stray & at " + std::to_string(at);
    }
    if (xml[at] == '>') return "stray > at " + std::to_string(at);
    if (xml[at] != '<') {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    for (bool quoted = false; end < xml.size() && (quoted || xml[end] != '>'); ++end) {
      if (xml[end] == '"') quoted = !quoted;
      if (xml[end] == '<') return "stray < at " + std::to_string(end);
    }
    if (end == xml.size()) return "an open tag at " + std::to_string(at);
    const std::string tag(xml.substr(at + 1, end - at - 1));
    const std::string name = tag.substr(
        tag.starts_with('/') ? 1 : 0, tag.find_first_of(" /", 1) - (tag.starts_with('/') ? 1 : 0));
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1))
        return "closes " + tag + " at " + std::to_string(at);
      open.pop_back();
    } else if (!tag.starts_with('?') && !tag.starts_with('!') && !tag.ends_with('/') &&
               !empty_tags.contains(name)) {
      open.push_back(name);
    }
    at = end + 1;
    if (name == "style" && !tag.starts_with('/')) at = xml.find("</style>", at);
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

TEST(Report, JUnitIsWellFormedAndCountsGates) {
  const std::string xml = RenderJUnit(HostileReport());
  EXPECT_EQ(FaultOf(xml, {}), "");
  EXPECT_THAT(xml, HasSubstr("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<testcase name=\"&lt;i&gt;g\""));
  EXPECT_THAT(xml, HasSubstr("<failure message="));
  EXPECT_THAT(xml, Not(HasSubstr("<script")));
  for (const char c : xml)
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
  EXPECT_EQ(FaultOf(RenderJUnit(HostileReport(false)), {}), "");
}

TEST(Report, HtmlIsWellFormedAndEscapesEverything) {
  const std::string html = RenderHtml(HostileReport());
  EXPECT_EQ(FaultOf(html, {"meta", "br"}), "");
  for (const char* hostile : {"<script", "<img", "<b>title", "<i>g", "<s>reason", "<u>unknown",
                              "<em>\"", "<o>", "<r>", "<strong>", "runs<1>"}) {
    EXPECT_THAT(html, Not(HasSubstr(hostile)));
  }
  EXPECT_THAT(
      html,
      HasSubstr(
          "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\xEF\xBF\xBD\xEF\xBF\xBD]]&gt;"));
}

TEST(Report, HtmlNeedsNoNetworkAndNoScript) {
  const std::string html = RenderHtml(HostileReport());
  for (const char* outside :
       {"http://", "https://", "//cdn", "@import", "<link", "url(", " src=", "javascript:"}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(html, HasSubstr("@media print"));
}

TEST(Report, EveryFormCountsTheDoors) {
  Report report = HostileReport();
  EXPECT_THAT(RenderText(report), Not(HasSubstr("believed from outside")));
  EXPECT_THAT(RenderHtml(report), Not(HasSubstr("outside parties")));
  report.lane[1].doors = {"cancellation.reason", "confirmation.customer"};
  EXPECT_THAT(
      RenderText(report),
      HasSubstr("2 facts are believed from outside: cancellation.reason, confirmation.customer"));
  EXPECT_THAT(RenderHtml(report), HasSubstr("confirmation.customer"));
  EXPECT_THAT(RenderJson(report), HasSubstr("\"confirmation.customer\""));
}

TEST(Report, HtmlShowsVerdictChangeAndProvenance) {
  const Report report = HostileReport();
  const std::string html = RenderHtml(report);
  EXPECT_THAT(html, HasSubstr("<p class=\"word\">Blocked</p>"));
  EXPECT_THAT(html, HasSubstr("limit amount &lt;= refund_autonomy"));
  EXPECT_THAT(html, HasSubstr(report.lane[0].digest));
  EXPECT_THAT(html, HasSubstr(report.verdict->gate_digest));
  EXPECT_THAT(html, HasSubstr("expired, does not count"));
  EXPECT_THAT(html, HasSubstr("Loosened: less strict than the policy in force."));
}

TEST(Report, TextEndsWithTheVerdict) {
  const std::string text = RenderText(HostileReport());
  EXPECT_THAT(text, ::testing::EndsWith("\nBLOCK: `<i>g`.\n"));
  EXPECT_THAT(text, HasSubstr("horizon run"));
  EXPECT_THAT(text, HasSubstr("by replay only; not proved"));
  EXPECT_THAT(text, Not(HasSubstr("\x01")));
}

TEST(Report, JsonParsesAndKeepsItsKeys) {
  const auto json = nlohmann::json::parse(RenderJson(HostileReport()));
  EXPECT_EQ(json["schema"], "writ-report-1");
  EXPECT_EQ(json["verdict"]["outcome"], "block");
  EXPECT_EQ(json["verdict"]["exit_code"], 1);
  EXPECT_EQ(json["horizon"], "run");
  EXPECT_EQ(json["by_direction"]["loosened"]["events"], 1);
  EXPECT_EQ(json["changes"][0]["examples"][0]["facts"]["<b>fact"], "<i>value");
  EXPECT_TRUE(nlohmann::json::parse(RenderJson(HostileReport(false)))["verdict"].is_null());
}

// The schema lists every key that the report has, and no other.
void ExpectDescribed(const nlohmann::json& value, const nlohmann::json& schema,
                     const nlohmann::json& root, const std::string& at) {
  if (schema.contains("$ref")) {
    const std::string name =
        schema["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
    return ExpectDescribed(value, root["$defs"].at(name), root, at);
  }
  if (value.is_null()) return;
  if (schema.contains("oneOf"))
    return ExpectDescribed(value, schema["oneOf"].back(), root, at);  // null, or this
  if (value.is_array()) {
    ASSERT_TRUE(schema.contains("items")) << at;
    for (const auto& item : value) ExpectDescribed(item, schema["items"], root, at + "[]");
    return;
  }
  if (!value.is_object()) return;
  if (!schema.contains("properties")) {
    ASSERT_TRUE(schema.contains("additionalProperties")) << at;
    return;
  }
  for (const auto& [key, item] : value.items()) {
    ASSERT_TRUE(schema["properties"].contains(key)) << at << "." << key;
    ExpectDescribed(item, schema["properties"][key], root, at + "." + key);
  }
  for (const auto& key : schema.value("required", nlohmann::json::array())) {
    EXPECT_TRUE(value.contains(key.get<std::string>())) << at << " lacks " << key;
  }
}

TEST(Report, JsonIsWhatItsSchemaSays) {
  std::ifstream in(std::string(WRIT_SOURCE_DIR) + "/docs/schemas/report.schema.json");
  ASSERT_TRUE(in.good());
  const auto schema = nlohmann::json::parse(in);
  ExpectDescribed(nlohmann::json::parse(RenderJson(HostileReport())), schema, schema, "report");
}

TEST(Report, SameReplaySameBytes) {
  for (const ReportFormat format :
       {ReportFormat::kText, ReportFormat::kJson, ReportFormat::kJUnit, ReportFormat::kHtml}) {
    EXPECT_EQ(Render(HostileReport(), format), Render(HostileReport(), format));
  }
}

TEST(Report, Numbers) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(1234567), "1,234,567");
  EXPECT_EQ(PercentText(0.5), "50%");
  EXPECT_EQ(PercentText(0.123), "12.3%");
  EXPECT_EQ(PercentText(0.00012), "0.012%");
  EXPECT_EQ(PercentText(0.99988), "99.988%");
  EXPECT_EQ(DateText(-1), "1969-12-31");
  EXPECT_EQ(TimeText(90'000), "1970-01-01 00:01");
  EXPECT_EQ(TimeText(-60'000), "1969-12-31 23:59");
}

}  // namespace
}  // namespace writ::evals
