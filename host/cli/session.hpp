#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/ir/workflow.hpp"
#include "host/cli/console.hpp"
#include "host/cli/envelope.hpp"
#include "host/cli/exit_code.hpp"
#include "host/cli/options.hpp"
#include "host/cli/user_settings.hpp"
#include "host/loader/registry.hpp"
#include "host/services/http/http_module.hpp"

namespace pflow::host {

/// What every command starts from: the command line, the two outputs, and, once asked for, the plugins.
class Session {
 public:
  Session(Options options, Console& console, SteadyTime program_start)
      : options_(std::move(options)), console_(console) {
    report_.program_start = program_start;
  }

  [[nodiscard]] const Options& options() const noexcept { return options_; }

  [[nodiscard]] Console& console() noexcept { return console_; }

  /// What the JSON line tells of the run besides its result.
  [[nodiscard]] RunReport& report() noexcept { return report_; }

  /// Keys and settings of the user.
  [[nodiscard]] UserSettings& settings() noexcept { return settings_; }

  [[nodiscard]] bool json() const noexcept { return options_.format == OutputFormat::kJson; }

  /// The plugins that the options and the surroundings lead to. `events` (may be null) outlives what is made from it.
  /// Warns of what was asked for by name and cannot be used.
  [[nodiscard]] std::unique_ptr<Registry> make_registry(CallEvents* events, Problems& warnings);

  /// Reads and parses the document that the first word names: a file, or - for stdin.
  [[nodiscard]] std::optional<ir::Workflow> read_workflow(Problems& problems);

  /// Tells how it ended, in the format asked for: errors and warnings on stderr, the line or the result on stdout.
  /// Gives `code`, unless stdout could not be written.
  [[nodiscard]] ExitCode finish(Outcome outcome, ExitCode code);

  /// The same for a check that ran nothing: 0, or 3 whatever the problems are, or 2 for a wrong command line.
  [[nodiscard]] ExitCode finish_check(Outcome outcome);

  /// Problems that kept the command from its work.
  [[nodiscard]] ExitCode refuse(Problems errors, Problems warnings);

  /// The command's result, byte for byte.
  [[nodiscard]] ExitCode print(std::string_view text);

  /// A text for people, which may quote documents and plugins: harmless on a terminal.
  [[nodiscard]] ExitCode show(std::string_view text);

 private:
  Options options_;
  Console& console_;
  RunReport report_;
  UserSettings settings_;
  HttpModule http_;
};

/// The text form of a result: one value raw (a text with its final line feed), several as a JSON object.
[[nodiscard]] std::string result_text(const NamedValues& result);

// The commands, one function each; what they do is in the command table.
[[nodiscard]] ExitCode run_command(Session& session);
[[nodiscard]] ExitCode validate_command(Session& session);
[[nodiscard]] ExitCode describe_command(Session& session);
[[nodiscard]] ExitCode nodes_command(Session& session);
[[nodiscard]] ExitCode providers_command(Session& session);
[[nodiscard]] ExitCode plugins_command(Session& session);
[[nodiscard]] ExitCode schema_command(Session& session);
[[nodiscard]] ExitCode pricing_command(Session& session);
[[nodiscard]] ExitCode trace_command(Session& session);

}  // namespace pflow::host
