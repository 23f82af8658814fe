#include "core/base/problem_list.hpp"

#include <fmt/format.h>

#include <utility>

namespace pflow {

void ProblemList::add(Error problem) {
  if (full()) return;
  ++count_;
  if (!full()) {
    problems_.push_back(std::move(problem));
    return;
  }
  problems_.push_back(
      {.code = Code::kInvalidValue,
       .message = fmt::format("there are more than {} problems, and the rest are not listed", kMaxProblems),
       .where = std::string(source_name_)});
}

}  // namespace pflow
