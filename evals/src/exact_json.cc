// A small tree from nlohmann's parser, which hands numbers over as they were written. Its parser is
// not recursive; depth is bounded here, so that walking and freeing the tree may be. Entry points:
// `ReadExactJson`, `CanonicalJson`.
#include "writ/evals/exact_json.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "hex.h"

namespace writ::evals {
namespace {

constexpr int kMaxExponent = 400;

// "1.5e2" as "150", "1.50" as "1.50": digits that were written stay. False: the exponent is too
// large.
bool WorkOutExponent(std::string& number) {
  const std::size_t mark = number.find_first_of("eE");
  if (mark == std::string::npos) return true;
  std::string_view written = std::string_view(number).substr(mark + 1);
  if (written.starts_with('+')) written.remove_prefix(1);
  int exponent = 0;
  const auto [end, error] =
      std::from_chars(written.data(), written.data() + written.size(), exponent);
  if (error != std::errc() || end != written.data() + written.size() ||
      std::abs(exponent) > kMaxExponent) {
    return false;
  }
  const bool negative = number.starts_with('-');
  std::string digits = number.substr(negative ? 1 : 0, mark - (negative ? 1 : 0));
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::erase(digits, '.');
  auto place = static_cast<std::ptrdiff_t>(point) + exponent;
  if (place < 1) {
    digits.insert(0, static_cast<std::size_t>(1 - place), '0');
    place = 1;
  }
  const auto whole = static_cast<std::size_t>(place);
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), whole - 1);
  number = (negative ? "-" : "") + digits.substr(zeros, whole - zeros);
  if (digits.size() > whole) number += "." + digits.substr(whole);
  return true;
}

class TreeBuilder {
 public:
  bool null() { return Add({}); }
  bool boolean(bool truth) { return Add({.kind = truth ? JsonKind::kTrue : JsonKind::kFalse}); }
  bool number_integer(std::int64_t number) { return Number(std::to_string(number)); }
  bool number_unsigned(std::uint64_t number) { return Number(std::to_string(number)); }
  bool number_float(double /*rounded*/, const std::string& written) {
    std::string number = written;
    if (!WorkOutExponent(number))
      return Refuse("a number has an exponent beyond " + std::to_string(kMaxExponent));
    return Number(std::move(number));
  }
  bool string(std::string& text) { return Add({.kind = JsonKind::kText, .text = std::move(text)}); }
  bool binary(nlohmann::json::binary_t& /*none*/) { return false; }
  bool start_object(std::size_t /*unknown*/) { return Open(JsonKind::kObject); }
  bool start_array(std::size_t /*unknown*/) { return Open(JsonKind::kArray); }
  bool end_object() {
    std::vector<std::string_view> names(open_.back().names.begin(), open_.back().names.end());
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end())
      return Refuse("an object names `" + std::string(twice->substr(0, 80)) + "` twice");
    return Close();
  }
  bool end_array() { return Close(); }
  bool key(std::string& name) {
    open_.back().names.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t at, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) {
    return Refuse("it is no JSON at byte " + std::to_string(at));
  }

  JsonValue Take() { return std::move(root_); }
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  bool Refuse(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    return false;
  }
  bool Number(std::string digits) {
    return Add({.kind = JsonKind::kNumber, .text = std::move(digits)});
  }
  bool Add(JsonValue value) {
    (open_.empty() ? root_ : open_.back().items.emplace_back()) = std::move(value);
    return true;
  }
  bool Open(JsonKind kind) {
    if (open_.size() == kMaxJsonDepth)
      return Refuse("it is nested deeper than " + std::to_string(kMaxJsonDepth));
    open_.push_back({.kind = kind});
    return true;
  }
  bool Close() {
    JsonValue value = std::move(open_.back());
    open_.pop_back();
    return Add(std::move(value));
  }

  JsonValue root_;
  std::vector<JsonValue> open_;
  std::string why_;
};

// RFC 8785 orders names by their UTF-16 code units: as bytes of UTF-8, but that characters beyond
// the first plane come before U+E000 to U+FFFF.
bool ComesBefore(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return y != b.end();
  const auto rank = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 ? 0xEDu * 2 + 1 : byte * 2u;  // after U+D7FF, where surrogates would be
  };
  if (rank(*x) != rank(*y)) return rank(*x) < rank(*y);
  return static_cast<unsigned char>(*x) < static_cast<unsigned char>(*y);
}

void AppendText(std::string_view text, std::string* out) {
  *out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    static constexpr std::string_view kPlain = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
    if (const std::size_t at = kPlain.find(c); at != std::string_view::npos) {
      *out += '\\';
      *out += kLetters[at];
    } else if (byte < 0x20) {
      *out += "\\u00" + Hex({&byte, 1});
    } else {
      *out += c;
    }
  }
  *out += '"';
}

// REQUIRES: plain digits.
std::string CanonicalNumber(std::string number) {
  if (number.find('.') != std::string::npos) {
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
  }
  return number == "-0" ? "0" : number;
}

void Append(const JsonValue& value, std::string* out) {
  switch (value.kind) {
    case JsonKind::kNull:
      *out += "null";
      return;
    case JsonKind::kFalse:
      *out += "false";
      return;
    case JsonKind::kTrue:
      *out += "true";
      return;
    case JsonKind::kNumber:
      *out += CanonicalNumber(value.text);
      return;
    case JsonKind::kText:
      AppendText(value.text, out);
      return;
    case JsonKind::kArray:
    case JsonKind::kObject:
      break;
  }
  const bool object = value.kind == JsonKind::kObject;
  std::vector<std::size_t> order(value.items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (object) {
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return ComesBefore(value.names[a], value.names[b]);
    });
  }
  *out += object ? '{' : '[';
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0) *out += ',';
    if (object) {
      AppendText(value.names[order[i]], out);
      *out += ':';
    }
    Append(value.items[order[i]], out);
  }
  *out += object ? '}' : ']';
}

}  // namespace

const JsonValue* JsonValue::Find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return &items[i];
  }
  return nullptr;
}

std::expected<JsonValue, std::string> ReadExactJson(std::string_view text) {
  if (text.size() > kMaxJsonBytes)
    return std::unexpected("it is longer than " + std::to_string(kMaxJsonBytes) + " bytes");
  TreeBuilder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder))
    return std::unexpected(builder.why());
  return builder.Take();
}

std::string CanonicalJson(const JsonValue& value) {
  std::string text;
  Append(value, &text);
  return text;
}

}  // namespace writ::evals
