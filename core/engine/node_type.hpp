#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/value.hpp"
#include "core/ir/workflow.hpp"

namespace pflow {

inline constexpr std::string_view kDefaultAction = "default";
inline constexpr std::string_view kErrorAction = "error";
/// The output by which a node that reports nothing tells what its LLM call used.
inline constexpr std::string_view kLlmUsageOutput = "llm_usage";

/// What a node type says of one of its parameters.
struct ParamSpec {
  std::string name;
  std::string description;
  std::vector<ir::DataType> types;  ///< any of these; empty: any value
  bool required = false;
  bool secret = false;
  std::optional<Value> default_value;
  std::vector<Value> allowed;  ///< empty: no enumeration
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool shell_text = false;  ///< a shell reads it: a template pasted into it is worth a warning

  [[nodiscard]] bool accepts(ir::DataType type) const noexcept;
};

/// What a node type says of one of its outputs.
struct OutputSpec {
  std::string name;
  std::string type;  ///< string, integer, number, boolean, object, array, bytes or any
  std::string description;
  bool primary = false;
};

/// What a node type that implements `llm` says of itself as a provider.
struct ProviderInfo {
  std::string name;                 ///< "anthropic"
  std::vector<std::string> models;  ///< patterns of the models it knows, `*` and `?` in them; they choose, never refuse
  std::string default_model;        ///< empty: none
  std::vector<std::string> keys;    ///< secrets it cannot work without ("ANTHROPIC_API_KEY"); empty: keyless
  std::string base_url_setting;     ///< the setting that moves it to another server; empty: none
  bool by_name_only = false;        ///< never chosen for its models or its keys
};

/// A node type as its plugin describes it. Immutable once made; owned by who found it (a registry), shared by plans.
struct NodeType {
  std::string name;
  std::string version;
  std::string description;
  std::string plugin_id;    ///< "com.acme.nodes"; empty in tests
  std::string plugin_path;  ///< where messages point when it misbehaves; empty in tests
  std::vector<ParamSpec> params;
  bool closed_params = false;  ///< a parameter that is not listed is an error, not a warning
  std::vector<OutputSpec> outputs;
  bool open_outputs = false;  ///< lists none: any output may exist
  std::vector<std::string> actions;
  std::optional<ir::RetryPolicy> retry;
  bool concurrent = false;               ///< one instance may be entered by many threads
  bool nonblocking = false;              ///< run returns quickly: no thread of its own is needed
  std::uint32_t max_concurrency = 0;     ///< calls at once; 0: no limit of its own
  std::optional<ProviderInfo> provider;  ///< when it implements `llm`
  bool uses_http = false;                ///< asks the host for HTTP, as a rule
  Value descriptor;                      ///< the document that all this was read from

  [[nodiscard]] const ParamSpec* param(std::string_view name) const noexcept;
  [[nodiscard]] const OutputSpec* output(std::string_view name) const noexcept;
  [[nodiscard]] const OutputSpec* primary_output() const noexcept;        ///< nullptr: describes none
  [[nodiscard]] bool has_action(std::string_view action) const noexcept;  ///< default and error always exist
};

}  // namespace pflow
