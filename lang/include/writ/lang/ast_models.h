// Trees of the words for classes of models.
#pragma once

#include <optional>
#include <vector>

#include "writ/lang/ast_values.h"

namespace writ::lang {

// `class NAME "model-1", "model-2"`: those that are as good as each other.
struct ModelClass {
  Name name;
  std::vector<Text> models;  // as the run header names them
  Span span;
  friend bool operator==(const ModelClass&, const ModelClass&) = default;
};
// `acts alone from CLASS for CAPS else escalate to ANCHOR`.
struct ActsAlone {
  Name from;
  std::vector<Name> capabilities;  // none: all that act
  Verdict below = Verdict::kEscalate;
  std::optional<Name> anchor;
  std::optional<Text> reason;
  Span span;
  friend bool operator==(const ActsAlone&, const ActsAlone&) = default;
};
// `models { class …  acts alone from …  ordered }`: the weakest class first.
struct Models {
  std::optional<Text> title;
  std::vector<ModelClass> classes;
  std::vector<ActsAlone> alone;
  bool ordered = false;  // a weaker class never gets more: proved
  std::optional<Text> ordered_reason;
  Span ordered_span, span;
  friend bool operator==(const Models& a, const Models& b) {
    return a.title == b.title && a.classes == b.classes && a.alone == b.alone &&
           a.ordered == b.ordered && a.ordered_reason == b.ordered_reason;
  }
};

}  // namespace writ::lang
