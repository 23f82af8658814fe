#include "core/trace/written_size.hpp"

namespace pflow {

std::size_t written_size(const Value& v, std::size_t limit, std::size_t& visited) {
  constexpr std::size_t kEach = 8;
  ++visited;
  std::size_t size = kEach;
  switch (v.type()) {
    case Value::Type::kString:
    case Value::Type::kBytes:
      return size + v.size();
    case Value::Type::kArray:
      for (const Value& item : v.items()) {
        if (size > limit) return size;
        size += written_size(item, limit - size, visited);
      }
      return size;
    case Value::Type::kObject:
      for (const Member& m : v.members()) {
        if (size > limit) return size;
        size += m.name().size();
        if (size > limit) return size;
        size += written_size(m.value, limit - size, visited);
      }
      return size;
    default:
      return size;
  }
}

}  // namespace pflow
