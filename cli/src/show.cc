// `writ show`: what one role may do, as far as what is given leaves it open.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <istream>
#include <iterator>
#include <memory>
#include <ostream>

#include "context.h"
#include "fix.h"
#include "load.h"
#include "request.h"
#include "show_page.h"
#include "writ/lang/diagnostic.h"

namespace writ::cli {
namespace {

constexpr std::size_t kMaxRequestBytes = std::size_t{1} << 20;

struct ShowFlags {
  std::string table, role, capability, intent, given, now;
  std::vector<std::string> facts;  // NAME=VALUE
};

std::expected<WrittenRequest, std::string> Written(const Context& context,
                                                   const ShowFlags& options) {
  WrittenRequest written;
  if (!options.given.empty()) {
    std::string text;
    if (options.given == "-") {
      text.assign(std::istreambuf_iterator<char>(context.in), {});
    } else {
      auto read = ReadFile(options.given, kMaxRequestBytes);
      if (!read) return std::unexpected(read.error());
      text = *std::move(read);
    }
    auto request = ParseJsonRequest(text);
    if (!request) return request;
    written = *std::move(request);
  }
  const auto agree = [](const char* what, const std::string& flag, std::string& said) {
    const bool other = !flag.empty() && !said.empty() && flag != said;
    if (said.empty()) said = flag;
    return other ? fmt::format("the request says {} `{}`, --{} says `{}`", what, said, what, flag)
                 : std::string();
  };
  for (const std::string& wrong : {agree("role", options.role, written.role),
                                   agree("capability", options.capability, written.capability)})
    if (!wrong.empty()) return std::unexpected(wrong);
  for (const std::string& pair : options.facts) {
    auto fact = ParsePair(pair);
    if (!fact) return std::unexpected(fact.error());
    written.facts.push_back(*std::move(fact));
  }
  if (!options.now.empty()) written.now = options.now;
  return written;
}

template <typename Count, typename NameOf>
std::string Nearest(const std::string& name, Count count, NameOf name_of) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < count; ++i) names.emplace_back(name_of(i));
  const auto nearest = lang::NearestName(name, names);
  return nearest ? fmt::format("; do you mean `{}`?", *nearest) : std::string();
}

// An intent is a value of the built-in fact of that name. Empty: there is this one.
std::string NoSuchIntent(const runtime::Table& table, const std::string& intent) {
  const runtime::FactId fact = table.FindFact("intent");
  const bool declared = fact.valid() && table.Fact(fact).type == runtime::ValueType::kEnum &&
                        table.Fact(fact).source == runtime::Source::kHeader;
  if (!declared) return "the policy has no intents";
  const std::uint32_t count = table.Fact(fact).value_count;
  for (std::uint32_t i = 0; i < count; ++i)
    if (table.FactValue(fact, i) == intent) return "";
  return fmt::format("the policy has no intent `{}`{}", intent,
                     Nearest(intent, count, [&](auto i) { return table.FactValue(fact, i); }));
}

Exit Print(const Context& context, const ShowDocument& document) {
  if (context.format == "html")
    context.out << ShowHtml(document);
  else if (context.format == "markdown")
    context.out << (document.intent.empty() ? ShowMarkdown(document) : ShortMarkdown(document));
  else if (context.json)
    context.out << ShowJson(document);
  else
    context.out << (document.intent.empty() ? ShowText(document) : ShortText(document));
  if (document.whole) return Exit::kPass;
  return context.Fail(Exit::kInconclusive, "some of it is not proved to be all that remains",
                      "fix more of the request, or ask for one capability");
}

Exit Show(const Context& context, const ShowFlags& options) {
  const auto loaded = LoadTable(context, options.table);
  if (!loaded) return loaded.error();
  const runtime::Table& table = (*loaded)->table;
  auto written = Written(context, options);
  if (!written) return context.Fail(Exit::kUsage, written.error(), "writ show --help has examples");
  const std::string role = written->role, capability = written->capability;
  if (role.empty())
    return context.Fail(Exit::kUsage, "it is not said whose part is shown",
                        "give --role, or a request with a `role`");
  const runtime::RoleId id = table.FindRole(role);
  if (!id.valid()) {
    return context.Fail(Exit::kUsage,
                        fmt::format("the policy has no role `{}`{}", role,
                                    Nearest(role, table.role_count(),
                                            [&](auto i) { return table.Role({i}).name; })),
                        "an unknown role may do nothing");
  }
  if (!capability.empty() && !table.FindCapability(capability).valid()) {
    return context.Fail(Exit::kUsage,
                        fmt::format("the table has no capability `{}`{}", capability,
                                    Nearest(capability, table.capability_count(),
                                            [&](auto i) { return table.Capability({i}).name; })),
                        "leave out --capability for all of them");
  }
  if (!options.intent.empty()) {
    if (const std::string wrong = NoSuchIntent(table, options.intent); !wrong.empty())
      return context.Fail(Exit::kUsage, wrong, "leave out --intent for all that the role has");
    std::erase_if(written->facts, [](const WrittenFact& fact) { return fact.name == "intent"; });
    written->facts.push_back({.name = "intent", .value = options.intent});
  }
  auto fixed = Fix(table, *std::move(written));
  if (!fixed)
    return context.Fail(Exit::kUsage, fixed.error(), "writ table TABLE lists the facts it reads");
  fixed->where.roles = {id};
  ShowDocument document = DescribeRole(table, id, capability, fixed->where);
  document.given = std::move(fixed->given);
  document.intent = options.intent;
  WithholdFromModels(table, document);
  return Print(context, document);
}

}  // namespace

void AddShow(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<ShowFlags>();
  CLI::App* verb =
      app.add_subcommand("show", "show what a role may do: alone, within limits, never");
  verb->footer(
      "Examples:\n  writ show policies/support_refunds.writ --role refund_agent\n"
      "  writ show refunds.wtb --role refund_agent --capability issue_refund amount='120 EUR' "
      "evidence.order_lookup=fresh\n"
      "  writ show policies/front_desk.writ --role service_agent --intent goodwill_request\n"
      "  writ show refunds.wtb --given request.json --format html > agent.html\n\n"
      "What is given is fixed, everything else stays open; what is printed are the conditions that "
      "remain.\nA request is written as for `writ decide`; it may be partial.");
  OfferFormats(*verb, context, {"markdown", "html"});
  verb->add_option("TABLE", options->table, "table (.wtb) or policy (.writ)")->required();
  verb->add_option("FACT", options->facts, "what is fixed: NAME=VALUE ...");
  verb->add_option("--role", options->role, "whose part is shown")->type_name("ROLE");
  verb->add_option("--capability", options->capability, "only this one")->type_name("NAME");
  verb->add_option("--intent", options->intent,
                   "what the role has within this intent, in short: always, when, unless")
      ->type_name("NAME");
  verb->add_option("--given", options->given, "a partial request as JSON; - for standard input")
      ->type_name("FILE");
  verb->add_option("--now", options->now, "when it is asked; open if not given")->type_name("TIME");
  verb->callback([&context, options, exit] { *exit = Show(context, *options); });
}

}  // namespace writ::cli
