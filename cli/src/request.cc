#include "request.h"

#include <fmt/format.h>

#include <chrono>

#include "writ/lang/diagnostic.h"

namespace writ::cli {
namespace {

using evals::JsonKind;
using evals::JsonValue;

// A JSON value in the policy's spelling. Numbers are their digits: 0.93 is no binary fraction here.
std::expected<std::string, std::string> Spell(const JsonValue& value) {
  switch (value.kind) {
    case JsonKind::kText:
    case JsonKind::kNumber:
      return value.text;
    case JsonKind::kFalse:
      return "false";
    case JsonKind::kTrue:
      return "true";
    case JsonKind::kArray:
      return evals::CanonicalJson(value);
    case JsonKind::kNull:
    case JsonKind::kObject:
      break;
  }
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

namespace {

// The member `facts` of a request.
std::expected<void, std::string> ReadFacts(const JsonValue& facts, WrittenRequest& request) {
  if (facts.kind != JsonKind::kObject) return std::unexpected("`facts` is not an object");
  for (std::size_t i = 0; i < facts.items.size(); ++i) {
    if (facts.items[i].kind == JsonKind::kNull) {
      request.facts.push_back({facts.names[i], {}, true});
      continue;
    }
    auto spelled = Spell(facts.items[i]);
    if (!spelled) return std::unexpected(fmt::format("`{}`: {}", facts.names[i], spelled.error()));
    request.facts.push_back({facts.names[i], *std::move(spelled), false});
  }
  return {};
}

}  // namespace

std::expected<WrittenRequest, std::string> ParseJsonRequest(const std::string& text) {
  auto object = evals::ReadExactJson(text);
  if (!object) return std::unexpected("a request is a JSON object: " + object.error());
  if (object->kind != JsonKind::kObject)
    return std::unexpected(std::string("a request is a JSON object"));
  WrittenRequest request;
  for (std::size_t i = 0; i < object->items.size(); ++i) {
    const std::string& key = object->names[i];
    JsonValue& value = object->items[i];
    if (key == "facts") {
      if (auto read = ReadFacts(value, request); !read) return std::unexpected(read.error());
      continue;
    }
    if (key == "arguments") {
      if (value.kind != JsonKind::kObject)
        return std::unexpected(std::string("`arguments` is not an object"));
      request.arguments = std::move(value);
      continue;
    }
    if (value.kind != JsonKind::kText)
      return std::unexpected(fmt::format("`{}` is not a text", key));
    if (key == "role") {
      request.role = value.text;
    } else if (key == "capability") {
      request.capability = value.text;
    } else if (key == "now") {
      request.now = value.text;
    } else {
      return std::unexpected(fmt::format(
          "`{}` is no part of a request; there are role, capability, now, facts and arguments",
          key));
    }
  }
  return request;
}

std::expected<void, std::string> TakeArguments(const std::string& text, WrittenRequest& request) {
  if (text.empty()) return {};
  auto object = evals::ReadExactJson(text);
  if (!object) return std::unexpected("the arguments are a JSON object: " + object.error());
  if (object->kind != JsonKind::kObject)
    return std::unexpected(std::string("the arguments are a JSON object"));
  request.arguments = *std::move(object);
  return {};
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
  std::map<std::uint32_t, std::string> given;
  for (const WrittenFact& fact : bound.written_.facts) {
    const runtime::FactId id = table.FindFact(fact.name);
    if (!id.valid())
      return std::unexpected(
          fmt::format("the policy has no fact `{}`{}", fact.name, Suggest(table, fact.name)));
    if (const auto [first, added] = given.emplace(id.value, fact.name);
        !added && first->second != fact.name)
      return std::unexpected(fmt::format("`{}` and `{}` are one fact, called `{}`", first->second,
                                         fact.name, table.Fact(id).name));
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
  bound.Derive(table);
  return bound;
}

void BoundRequest::Derive(const runtime::Table& table) {
  if (!written_.arguments || !request_.capability.valid()) return;
  derived_ = evals::DeriveInputs(table, request_.capability, &*written_.arguments, arena_);
  for (const evals::DerivedInput& input : derived_) {
    const std::string_view name = table.Fact(input.fact).name;
    runtime::Value& value = values_[input.fact.value];
    const runtime::Value agreed = evals::Agreed(value, input.value);
    if (!input.why.empty()) {
      malformed_.push_back(fmt::format("{}: {}", name, input.why));
    } else if (agreed.kind == runtime::ValueKind::kMalformed &&
               value.kind != runtime::ValueKind::kMalformed) {
      malformed_.push_back(fmt::format("{}: given as `{}`, and the arguments say `{}`", name,
                                       evals::FormatValue(table, input.fact, value),
                                       evals::FormatValue(table, input.fact, input.value)));
    }
    value = agreed;
  }
}

runtime::Request BoundRequest::Get() const {
  runtime::Request request = request_;
  request.values = values_.data();
  return request;
}

}  // namespace writ::cli
