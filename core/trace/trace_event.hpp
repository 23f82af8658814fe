#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/value.hpp"
#include "core/trace/llm_totals.hpp"
#include "core/trace/trace_document.hpp"

namespace pflow {

/// What one event says, for lists and trees. Texts are parts of the document or of `error`.
struct TraceEvent {
  /// `written` is one of the document's events.
  TraceEvent(TraceDocument& document, const Value& written);

  bool readable = false;  ///< it names a node; else a mended file has it in the place of a lost one
  std::optional<std::uint64_t> seq;
  std::string_view node_id;
  std::string_view node_type;
  std::optional<double> start_ms;
  std::optional<double> duration_ms;
  bool success = false;
  std::string_view action;
  Value error;  ///< filled in; null: none
  std::uint64_t attempt = 1;
  std::uint64_t visit = 1;
  std::optional<std::uint64_t> batch_index;
  std::optional<std::uint64_t> parent;  ///< seq of the event that it belongs to
  LlmTotals llm;
};

[[nodiscard]] std::vector<TraceEvent> events_of(TraceDocument& document);

}  // namespace pflow
