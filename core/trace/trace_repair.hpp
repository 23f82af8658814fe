#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace pflow {

/// What a run would have left that was killed before it wrote anything, as repair_trace takes it.
inline constexpr std::string_view kEmptyTrace =
    R"({"format":"pflow-trace","format_version":"1.0.0","kind":"workflow",)";

struct TraceRepair {
  bool changed = false;    ///< false: the trace is valid, and `text` is empty
  std::string text;        ///< the mended file
  std::size_t events = 0;  ///< in it, those that stand for lost ones left out
  std::size_t lost = 0;    ///< events that could not be read whole
};

/// Makes a valid trace of what a killed run, or a damaged disk, left: every event that is whole stays byte for byte at
/// its place in the list, for others refer to it by that; what the root lacks is counted from the events
/// (docs/trace.md). O(text). Errors: kTooLarge, those of check_trace_format, kWrongType (valid JSON without a list of
/// events), kInvalidJson (not even the beginning says what it is).
[[nodiscard]] Result<TraceRepair> repair_trace(std::string_view text, std::string_view name);

}  // namespace pflow
