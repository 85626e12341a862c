// Facts that larger words ask of the host: `memory.NAME.unused`, `promotion.NAME.sources`,
// `budget.NAME.cost`, `skill.NAME`, … (docs/semantics.md, M36 to M51).
#pragma once

#include <array>
#include <string_view>

namespace writ::analysis {

// Their names are the language's own, and an example that leaves one out means 0 or false.
[[nodiscard]] constexpr bool IsFactOfLargerWord(std::string_view name) {
  struct Shape {
    std::string_view begin, end;
  };
  constexpr std::array kShapes = {
      Shape{"memory.", ".unused"},
      Shape{"memory.", ".contradicted"},
      Shape{"memory.", ".source_changed"},
      Shape{"promotion.", ".sources"},
      Shape{"budget.", ".calls"},
      Shape{"budget.", ".tokens"},
      Shape{"budget.", ".cost"},
      Shape{"budget.", ".wall"},
      Shape{"sandbox.", ""},
      Shape{"skill.", ""},
      Shape{"breaker.", ""},
      Shape{"retry.", ".tried"},
      Shape{"exposure.", ""},
      Shape{"hook.", ""},
      Shape{"checkpoint.", ""},
      Shape{"compaction.lost.", ""},
  };
  if (name == "content.class") return true;
  for (const Shape& shape : kShapes) {
    if (name.size() > shape.begin.size() + shape.end.size() && name.starts_with(shape.begin) &&
        name.ends_with(shape.end))
      return true;
  }
  return false;
}

}  // namespace writ::analysis
