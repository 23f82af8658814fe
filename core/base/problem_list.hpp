#pragma once

#include <cstddef>
#include <string_view>

#include "core/base/error.hpp"

namespace pflow {

/// Appends problems of one document to a list, up to a limit; beyond it, one more says that the rest are not listed.
/// What is in the list already does not count. Borrows both.
class ProblemList {
 public:
  static constexpr std::size_t kMaxProblems = 1000;

  ProblemList(std::string_view source_name, Problems& problems) : source_name_(source_name), problems_(problems) {}

  void add(Error problem);

  [[nodiscard]] std::string_view source_name() const noexcept { return source_name_; }

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

  [[nodiscard]] bool full() const noexcept { return count_ > kMaxProblems; }  ///< more would not be kept

 private:
  std::string_view source_name_;
  Problems& problems_;
  std::size_t count_ = 0;
};

}  // namespace pflow
