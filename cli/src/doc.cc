// `writ doc`: the handbook of a policy, for those who answer for it.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>

#include "context.h"
#include "handbook_source.h"

namespace writ::cli {
namespace {

struct DocFlags {
  std::string policy, folder, as_of;
};

Handbook Compose(const HandbookSource& source) {
  Handbook book;
  const TableDocument& document = source.document;
  book.title = fmt::format("{} {}: the handbook", document.policy, document.version);
  book.subtitle = document.title;
  const auto fact = [&](std::string before, std::string strong) {
    book.facts.push_back({{std::move(before), Look::kPlain, {}, {}}, Strong(std::move(strong))});
  };
  if (!document.tenant.empty()) fact("for this tenant alone: ", document.tenant);
  if (!document.narrows.empty())
    fact("proved to be within ", document.narrows.substr(0, document.narrows.rfind(' ')));
  if (source.first_day) fact("in force from ", DayText(*source.first_day));
  for (std::uint32_t i = 0; i < source.table.statement_count(); ++i) {
    const runtime::StatementView said = source.table.Statement(i);
    if (said.of == runtime::StatementOf::kPolicy && said.word == runtime::StatementWord::kOwner)
      fact("answered for by ", std::string(said.text));
  }
  fact("days on the clocks of ", document.zone.empty() ? "UTC" : document.zone);
  for (std::size_t i = 1; i < source.house.policies.size(); ++i) {
    const lang::Policy& used = source.house.policies[i].policy;
    fact("with ", used.name.text + " " + used.version.text);
  }
  if (source.today) fact("seen on ", DayText(*source.today));
  fact("table ", document.digest.substr(0, 16));
  for (auto* make :
       {InShort, WhoIsWho, WhoIsAsked, Mandates, MapOfAutonomy, Thresholds, WhatExpires, Guards,
        Approvals, WhoWorksOnWhat, MemoryAndRecord, WhatMayLeave, Budgets, CarriedOut, BetweenSteps,
        ModelsAndCritics, FiveViews, WhatIsProved, Capabilities}) {
    Part part = make(source);
    if (!part.blocks.empty()) book.parts.push_back(std::move(part));
  }
  book.digest = document.digest;
  return book;
}

Exit WriteBoth(const Context& context, const Handbook& book, const std::string& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) {
    return context.Fail(Exit::kFiles,
                        fmt::format("`{}` cannot be made: {}", folder, code.message()),
                        "name a folder that may be written");
  }
  const std::filesystem::path base(folder);
  for (const auto& [name, text] : {std::pair("handbook.md", HandbookMarkdown(book)),
                                   std::pair("handbook.html", HandbookHtml(book))}) {
    const std::string path = (base / name).string();
    if (const auto written = WriteFile(path, text); !written)
      return context.Fail(Exit::kFiles, written.error(), "check the folder and its permissions");
    context.out << "wrote " << path << '\n';
  }
  return Exit::kPass;
}

Exit Doc(const Context& context, const DocFlags& options) {
  if (!IsPolicy(options.policy)) {
    return context.Fail(Exit::kUsage, "a handbook is made of a policy (.writ)",
                        "writ table and writ show print what a table (.wtb) says");
  }
  if (context.json) {
    return context.Fail(Exit::kUsage, "a handbook is for people: markdown or html",
                        "writ table and writ show have --format json");
  }
  std::optional<std::int64_t> today;
  if (!options.as_of.empty()) {
    today = DayOf(options.as_of);
    if (!today)
      return context.Fail(Exit::kUsage, fmt::format("`{}` is no day", options.as_of),
                          "write --as-of 2026-11-20");
  }
  auto source = HandbookSource::Load(context, options.policy);
  if (!source) return source.error();
  (*source)->today = today;
  const Handbook book = Compose(**source);
  if (!options.folder.empty()) return WriteBoth(context, book, options.folder);
  context.out << (context.format == "html" ? HandbookHtml(book) : HandbookMarkdown(book));
  return Exit::kPass;
}

}  // namespace

void AddDoc(CLI::App& app, Context& context, Exit* exit) {
  auto options = std::make_shared<DocFlags>();
  CLI::App* verb =
      app.add_subcommand("doc", "write the handbook: who may do what, and who answers");
  verb->footer(
      "Examples:\n  writ doc policies/support_refunds.writ -o handbook\n"
      "  writ doc policies/knowledge.writ --format html --as-of 2026-11-20 > handbook.html\n\n"
      "Without -o, it is printed as Markdown. The same policy gives the same pages on any day, but "
      "for --as-of.");
  OfferFormats(*verb, context, {"markdown", "html"});
  verb->add_option("POLICY", options->policy, "policy (.writ)")->required();
  verb->add_option("-o,--output", options->folder, "write handbook.md and handbook.html there")
      ->type_name("DIR");
  verb->add_option("--as-of", options->as_of, "say what has ended by this day, and what is due")
      ->type_name("DAY");
  verb->callback([&context, options, exit] { *exit = Doc(context, *options); });
}

}  // namespace writ::cli
