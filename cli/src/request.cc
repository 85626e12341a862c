#include "request.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "writ/lang/diagnostic.h"

namespace writ::cli {
namespace {

using nlohmann::json;

// A JSON value in the policy's spelling. Numbers go through their digits: 0.93 is not a binary
// fraction here.
std::expected<std::string, std::string> Spell(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number() || value.is_array()) return value.dump();
  return std::unexpected(
      std::string("a fact is a text, a number, true, false, null or a list of texts"));
}

std::string Suggest(const runtime::Table& table, const std::string& name) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < table.fact_count(); ++i)
    names.emplace_back(table.Fact(runtime::FactId{i}).name);
  const auto nearest = lang::NearestName(name, names);
  return nearest ? fmt::format("; do you mean `{}`?", *nearest) : std::string();
}

std::int64_t Clock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::expected<WrittenRequest, std::string> ParseJsonRequest(const std::string& text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return std::unexpected(std::string("a request is a JSON object"));
  WrittenRequest request;
  for (const auto& [key, value] : object.items()) {
    if (key == "facts") {
      if (!value.is_object()) return std::unexpected(std::string("`facts` is not an object"));
      for (const auto& [name, fact] : value.items()) {
        if (fact.is_null()) {
          request.facts.push_back({name, {}, true});
          continue;
        }
        const auto spelled = Spell(fact);
        if (!spelled) return std::unexpected(fmt::format("`{}`: {}", name, spelled.error()));
        request.facts.push_back({name, *spelled, false});
      }
      continue;
    }
    if (!value.is_string()) return std::unexpected(fmt::format("`{}` is not a text", key));
    if (key == "role")
      request.role = value.get<std::string>();
    else if (key == "capability")
      request.capability = value.get<std::string>();
    else if (key == "now")
      request.now = value.get<std::string>();
    else
      return std::unexpected(fmt::format(
          "`{}` is no part of a request; there are role, capability, now and facts", key));
  }
  return request;
}

std::expected<WrittenFact, std::string> ParsePair(const std::string& pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string::npos || equals == 0)
    return std::unexpected(fmt::format("`{}` is not NAME=VALUE", pair));
  std::string value = pair.substr(equals + 1);
  const bool missing = value == "missing";
  return WrittenFact{pair.substr(0, equals), missing ? std::string() : std::move(value), missing};
}

std::expected<WrittenRequest, std::string> WrittenFromWords(const std::vector<std::string>& words,
                                                            const std::string& now) {
  if (words.size() < 2)
    return std::unexpected(std::string("a request needs a role and a capability"));
  WrittenRequest request{.role = words[0], .capability = words[1]};
  if (!now.empty()) request.now = now;
  for (std::size_t i = 2; i < words.size(); ++i) {
    auto fact = ParsePair(words[i]);
    if (!fact) return std::unexpected(fact.error());
    request.facts.push_back(*std::move(fact));
  }
  return request;
}

std::expected<BoundRequest, std::string> BoundRequest::Bind(const runtime::Table& table,
                                                            WrittenRequest written) {
  BoundRequest bound;
  bound.written_ = std::move(written);
  bound.values_.resize(table.fact_count());
  for (const WrittenFact& fact : bound.written_.facts) {
    const runtime::FactId id = table.FindFact(fact.name);
    if (!id.valid())
      return std::unexpected(
          fmt::format("the policy has no fact `{}`{}", fact.name, Suggest(table, fact.name)));
    if (fact.missing) continue;
    std::string reason;
    bound.values_[id.value] = evals::ParseValue(table, id, fact.value, bound.arena_, &reason);
    if (!reason.empty()) bound.malformed_.push_back(fmt::format("{}: {}", fact.name, reason));
  }
  bound.request_.now_ms = Clock();
  if (bound.written_.now) {
    const runtime::FactId now = table.FindFact("now");
    std::string reason;
    const runtime::Value value =
        evals::ParseValue(table, now, *bound.written_.now, bound.arena_, &reason);
    if (value.kind != runtime::ValueKind::kNumber) return std::unexpected("now: " + reason);
    bound.request_.now_ms = value.number;
  }
  bound.request_.capability = table.FindCapability(bound.written_.capability);
  bound.request_.role = table.FindRole(bound.written_.role);
  return bound;
}

runtime::Request BoundRequest::Get() const {
  runtime::Request request = request_;
  request.values = values_.data();
  return request;
}

}  // namespace writ::cli
