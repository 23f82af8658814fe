#pragma once

#include <string>
#include <string_view>

#include "core/base/value.hpp"
#include "core/trace/trace_document.hpp"

namespace pflow::host {

enum class TextColor : unsigned char { kNone, kTerminal };

/// A trace as people read it: what the root says, then one line an event, those that belong to another below it.
/// Whatever the file holds is made harmless.
[[nodiscard]] std::string trace_tree(TraceDocument& document, std::string_view path, TextColor color);

/// The same for programs: the root's facts and each event's, without parameters, snapshots and logs.
[[nodiscard]] Value trace_summary(TraceDocument& document, std::string_view path);

}  // namespace pflow::host
