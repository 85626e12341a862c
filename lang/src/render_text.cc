// Diagnostics for people: where, the line itself, a caret line under the range, and what to write
// instead. Carets count code points, as editors do; a range that ends on another line is underlined
// to the end of its first one. Very long lines are shown around the range only.
#include <algorithm>
#include <string>

#include "writ/lang/diagnostic.h"

namespace writ::lang {
namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kBlue = "\x1b[34m";

std::string_view SeverityColor(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "\x1b[1;31m";
    case Severity::kWarning:
      return "\x1b[1;33m";
    case Severity::kNote:
      return "\x1b[1;36m";
  }
  return "";
}

bool StartsCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The part of a line that is shown, and where the range begins in it.
struct Window {
  std::string_view text;
  std::uint32_t column = 0;  // code points before the range
};

// At most 80 code points before byte `at` of `line`, and 160 together. Lines may be as long as the
// file.
Window Around(std::string_view line, std::size_t at) {
  constexpr std::uint32_t kBefore = 80;
  constexpr std::uint32_t kShownAtMost = 160;
  Window window;
  std::size_t begin = at;
  while (begin > 0 && window.column < kBefore) {
    do {
      --begin;
    } while (begin > 0 && !StartsCodePoint(line[begin]));
    ++window.column;
  }
  std::size_t end = at;
  for (std::uint32_t shown = window.column; end < line.size() && shown < kShownAtMost; ++shown) {
    do {
      ++end;
    } while (end < line.size() && !StartsCodePoint(line[end]));
  }
  window.text = line.substr(begin, end - begin);
  return window;
}

// `line` as a terminal shows it: a tab or a control character takes one column, like any other.
std::string Printable(std::string_view line) {
  std::string text(line);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text;
}

class Renderer {
 public:
  Renderer(const SourceSet& sources, bool color) : sources_(sources), color_(color) {}

  void Render(const Diagnostic& diagnostic) {
    const DiagnosticInfo& info = Info(diagnostic.kind);
    const std::string head =
        std::string(SeverityName(info.severity)) + "[" + std::string(info.code) + "]";
    out_ += Painted(SeverityColor(info.severity), head) +
            Painted(kBold, ": " + diagnostic.message) + "\n";
    Excerpt(diagnostic.span, "-->", "", SeverityColor(info.severity));
    for (const Label& label : diagnostic.labels) Excerpt(label.span, ":::", label.text, kBlue);
    for (const std::string& note : diagnostic.notes) out_ += "  note: " + note + "\n";
    for (const std::string& hint : diagnostic.hints) out_ += "  help: " + hint + "\n";
    if (!diagnostic.witness.empty()) out_ += "  for example: " + diagnostic.witness + "\n";
    out_ += "\n";
  }

  std::string Take() && { return std::move(out_); }

 private:
  [[nodiscard]] std::string Painted(std::string_view paint, const std::string& text) const {
    if (!color_) return text;
    return std::string(paint) + text + std::string(kReset);
  }

  // `  --> path:line:col`, the line, and `^~~~ text` below it.
  void Excerpt(const Span& span, std::string_view arrow, const std::string& text,
               std::string_view paint) {
    if (span.file >= sources_.file_count()) return;
    const auto file = static_cast<FileId>(span.file);
    const Place begin = sources_.LineColumn(span);
    const std::string number = std::to_string(begin.line);
    const std::string margin(number.size(), ' ');
    out_ += "  " + margin + Painted(kBlue, std::string(arrow)) + " " +
            std::string(sources_.Path(file)) + ":" + number + ":" + std::to_string(begin.column) +
            "\n";
    const std::string_view line = sources_.Line(file, begin.line);
    const std::string_view text_of_file = sources_.Text(file);
    const std::size_t line_begin = static_cast<std::size_t>(line.data() - text_of_file.data());
    const std::size_t at = std::min<std::size_t>(span.begin - line_begin, line.size());
    const Window window = Around(line, at);
    const std::string_view marked =
        line.substr(at, std::min<std::size_t>(span.end - span.begin, window.text.size()));
    const auto width = std::count_if(marked.begin(), marked.end(), StartsCodePoint);
    const auto tildes = static_cast<std::size_t>(std::max<std::ptrdiff_t>(width, 1) - 1);
    out_ += " " + Painted(kBlue, number + " | ") + Printable(window.text) + "\n";
    out_ += " " + margin + Painted(kBlue, " | ") + std::string(window.column, ' ') +
            Painted(paint, "^" + std::string(tildes, '~')) + (text.empty() ? "" : " " + text) +
            "\n";
  }

  const SourceSet& sources_;
  bool color_;
  std::string out_;
};

std::string Count(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace

std::string RenderText(const DiagnosticSink& sink, const SourceSet& sources, bool color) {
  Renderer renderer(sources, color);
  std::size_t errors = 0;
  std::size_t warnings = 0;
  const std::vector<Diagnostic> diagnostics = sink.Sorted();
  for (const Diagnostic& diagnostic : diagnostics) {
    errors += Info(diagnostic.kind).severity == Severity::kError ? 1 : 0;
    warnings += Info(diagnostic.kind).severity == Severity::kWarning ? 1 : 0;
    renderer.Render(diagnostic);
  }
  std::string text = std::move(renderer).Take();
  if (errors + warnings == 0) return text;
  text += Count(errors, "error");
  if (warnings > 0) text += ", " + Count(warnings, "warning");
  return text + "\n";
}

}  // namespace writ::lang
