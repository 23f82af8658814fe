#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/value.hpp"

/// The parsed form of a workflow document: plain structs, in the order written, every name checked for form but nothing
/// resolved. `parse_workflow` makes one; docs/workflow.md tells the format to users.
namespace pflow::ir {

inline constexpr std::size_t kMaxDocumentBytes = std::size_t{16} * 1024 * 1024;
inline constexpr std::uint32_t kMaxDocumentDepth = 64;
inline constexpr std::size_t kMaxNodes = 100'000;
inline constexpr std::int64_t kMaxTimeMs = 365LL * 24 * 3600 * 1000;  ///< of a time limit: any clock can add it to now

enum class DataType : std::uint8_t { kString, kNumber, kInteger, kBoolean, kObject, kArray };

/// "string", "number", ... as documents write it.
[[nodiscard]] std::string_view data_type_name(DataType type) noexcept;
/// Accepts the names and pflow's aliases (str, int, float, bool, dict, list).
[[nodiscard]] std::optional<DataType> data_type_from(std::string_view name) noexcept;
/// True when `v` is of `type`; an integer is also a number, a float with no fraction is not an integer.
[[nodiscard]] bool has_type(const Value& v, DataType type) noexcept;
/// Every word that `data_type_from` accepts: the six names, then the aliases.
[[nodiscard]] const std::vector<std::string_view>& data_type_words();

enum class TemplateMode : std::uint8_t { kStrict, kPermissive };

struct RetryPolicy {
  std::uint32_t max_attempts = 1;  ///< total tries
  std::int64_t wait_ms = 0;        ///< before the second try
  double backoff = 1.0;            ///< each further wait is this many times the one before
  std::int64_t max_wait_ms = 300'000;
};

struct Batch {
  Value items;  ///< an array, or a string with one template
  std::string as = "item";
  bool parallel = false;
  std::uint32_t max_concurrent = 10;
  bool fail_fast = true;
  std::optional<std::uint32_t> max_retries;  ///< tries per item; absent: the node's own policy counts
  std::int64_t retry_wait_ms = 0;
};

struct Node {
  std::string id;
  std::string type;
  std::string purpose;
  Value params;  ///< an object; null when none were written
  std::optional<Batch> batch;
  std::optional<RetryPolicy> retry;
  std::optional<std::int64_t> timeout_ms;
  std::string params_key = "params";  ///< "params" or its alias, as written: messages point at what the user wrote
};

struct Edge {
  std::string from;
  std::string to;
  std::string action = "default";
};

struct Input {
  std::string name;
  std::string description;
  std::optional<DataType> type;
  bool required = true;
  std::optional<Value> default_value;
  bool from_stdin = false;
  bool secret = false;
};

struct Output {
  std::string name;
  std::string description;
  std::optional<DataType> type;
  std::string source;  ///< "${a.b}", "$a.b" or "a.b", as written
};

/// Renames between a node and the root of the store; applied when namespacing is off.
struct Mapping {
  std::string node;
  std::vector<std::pair<std::string, std::string>> inputs;   ///< parameter <- store key
  std::vector<std::pair<std::string, std::string>> outputs;  ///< output -> store key
};

struct Limits {
  std::optional<double> max_cost_usd;
  std::optional<std::int64_t> max_duration_ms;
};

struct Workflow {
  bool incomplete = false;  ///< something could not be read: fit for finding more problems, not for running
  std::string source_name;  ///< what messages call the document: a path, or "<stdin>"
  std::string name;
  std::string description;
  std::string ir_version = "0.1.0";
  std::vector<Node> nodes;
  std::optional<std::vector<Edge>> edges;  ///< absent: the nodes run in the order written. Exact repetitions are kept
  std::optional<std::string> start_node;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Mapping> mappings;
  bool namespaced = true;
  TemplateMode template_mode = TemplateMode::kStrict;
  Limits limits;
  Value metadata;  ///< an object, as written and never read; null when there is none
};

}  // namespace pflow::ir
