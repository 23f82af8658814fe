#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/value.hpp"
#include "core/trace/trace_expander.hpp"

namespace pflow {

inline constexpr std::size_t kMaxTraceBytes = 1u << 30;
inline constexpr std::uint32_t kMaxTraceDepth = 600;  ///< of the file: a value of 512 levels, and where it stands

/// What a trace's root says of the run. Texts are parts of the root; empty, and nothing: not told, or of a wrong type.
struct TraceFacts {
  explicit TraceFacts(const Value& root);

  std::string_view kind;
  std::string_view execution_id;
  std::string_view workflow_id;
  std::string_view workflow_name;
  std::string_view start_time;
  std::string_view end_time;
  std::string_view final_status;
  std::optional<double> duration_ms;
  std::optional<std::uint64_t> nodes_executed;
  std::optional<std::uint64_t> nodes_failed;
  std::optional<std::uint64_t> calls;  ///< of LLMs
  std::optional<std::uint64_t> input_tokens;
  std::optional<std::uint64_t> output_tokens;
  std::optional<std::uint64_t> total_tokens;
  std::optional<double> cost_usd;
  bool cost_incomplete = false;
  bool ended = false;  ///< the run came to its end; else it was killed, or is still running
};

/// Nothing wrong: `root` is that of a trace whose format this program reads. Errors: kInvalidValue (no trace),
/// kUnsupported (another major version).
[[nodiscard]] Result<void> check_trace_format(const Value& root, std::string_view name);

/// A trace read back. Immutable but for what it remembers of filled-in parts; one thread at a time.
class TraceDocument {
 public:
  /// O(text), and several times its memory; `text` is not needed afterwards. `name` is what messages call the file.
  /// Errors: kTooLarge, those of read_json (the hint tells of repair), those of check_trace_format, kWrongType (no
  /// list of events).
  [[nodiscard]] static Result<TraceDocument> read(std::string_view text, std::string_view name);

  [[nodiscard]] const Value& root() const noexcept { return *root_; }

  [[nodiscard]] TraceFacts facts() const { return TraceFacts(*root_); }

  /// As written; a foreign or mended file may hold anything.
  [[nodiscard]] std::span<const Value> events() const noexcept { return events_; }

  /// A part of the root with its references filled in. `part` is the very value there, not a copy.
  [[nodiscard]] Expansion expand(const Value& part) { return expander_->expand(part); }

 private:
  explicit TraceDocument(Value root);

  std::unique_ptr<const Value> root_;  // its address tells places in it
  std::span<const Value> events_;
  std::unique_ptr<TraceExpander> expander_;
};

}  // namespace pflow
