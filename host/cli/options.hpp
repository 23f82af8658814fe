#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"

namespace pflow::host {

enum class OutputFormat : unsigned char { kText, kJson };

/// The command line, read but not acted on. Which options a command takes is in its row of the command table.
struct Options {
  std::string command;             ///< "run", "validate", ...
  std::vector<std::string> words;  ///< what follows it

  OutputFormat format = OutputFormat::kText;
  std::vector<std::string> plugin_files;
  std::vector<std::string> plugin_dirs;
  std::vector<std::string> inputs;        ///< --input k=v
  std::vector<std::string> inputs_files;  ///< --inputs-file F
  std::optional<std::string> output_key;
  std::optional<double> timeout_s;
  bool trace = false;
  std::optional<double> max_cost_usd;
  std::optional<std::string> llm_provider;
  std::optional<std::string> model;
  std::vector<std::string> prices;           ///< --price MODEL=IN/OUT, as written
  std::optional<std::string> trace_node;     ///< trace show --node
  std::optional<std::uint64_t> trace_event;  ///< trace show --event
  std::optional<std::uint64_t> trace_keep;   ///< trace prune --keep
  std::optional<std::string> at;             ///< --at TIME, as written
  int verbosity = 0;                         ///< -q is -1
  bool no_color = false;
  bool dry_run = false;
  bool help = false;
  bool version = false;
};

struct CommandInfo {
  std::string_view name;
  std::string_view usage;  ///< "run WORKFLOW [key=value ...]"
  std::string_view summary;
  std::string_view options;  ///< groups it takes: g general, f output format, p plugins, i inputs, l LLMs, $ prices, @
                             ///< their date, r run, t traces
};

[[nodiscard]] const std::vector<CommandInfo>& commands();

/// Reads the command line; options may stand before or after words, "--" ends them.
/// Problems: kUsage. The format asked for is set even then, when it could be read.
[[nodiscard]] Options parse_command_line(const std::vector<std::string>& arguments, Problems& problems);

/// The help for one command, or for all of them.
[[nodiscard]] std::string help_text(std::string_view command);

}  // namespace pflow::host
