// Shapes: the distinct combinations of what two lanes said of an event.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lane.h"
#include "writ/evals/replay.h"

namespace writ::evals {

class ShapeTable {
 public:
  ShapeTable(const runtime::Table& baseline, const runtime::Table& candidate,
             std::uint32_t max_shapes)
      : tables_{&baseline, &candidate}, max_shapes_(max_shapes) {}

  // The index of the shape, made if it is new. kNoIndex: there are too many.
  std::uint32_t Intern(std::string_view capability, std::string_view role, const Answer& baseline,
                       const Answer& candidate);
  std::vector<Shape>& shapes() { return shapes_; }

 private:
  using Key = std::vector<std::uint64_t>;
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };

  std::uint64_t NameId(std::string_view name);
  void AppendKey(const Answer& answer);
  LaneShape Describe(std::size_t lane, const Answer& answer) const;

  const runtime::Table* tables_[kLanes];
  const std::uint32_t max_shapes_;
  std::unordered_map<std::string, std::uint64_t> names_;
  std::string last_name_[2];
  std::uint64_t last_id_[2] = {0, 0};
  Key key_;
  std::unordered_map<Key, std::uint32_t, Hash> index_;
  std::vector<Shape> shapes_;
};

// Sets the direction, and which way obligations went.
void CompareLanes(const runtime::Table& baseline, const runtime::Table& candidate, Shape* shape);

// Does `anchor` (a name) equal `other`, or rank above it? Ranks by the first table that knows both.
bool SameOrHigher(const runtime::Table& first, const runtime::Table& second,
                  std::string_view anchor, std::string_view other);

}  // namespace writ::evals
