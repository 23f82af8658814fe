#pragma once
#include "llm_wire.hpp"

namespace pflow::llm::anthropic {

/// What Anthropic has told of an answer's usage. Every number is a total so far, so a later one takes an earlier one's
/// place; what a later usage leaves out, or says null of, keeps.
class UsageSoFar {
 public:
  /// False: that was no usage.
  bool take(JsonRef usage);

  /// As inclusive counts (Anthropic's input_tokens leaves out what was read from and written to a cache), and as the
  /// body that the price data's extractor reads, with cache writes by their time to live and searches.
  void write_to(Reply& reply) const;

 private:
  json::object last_;
};

}  // namespace pflow::llm::anthropic
