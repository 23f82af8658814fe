#include <fmt/format.h>

#include <exception>
#include <string>
#include <vector>

#include "pflow/plugin.h"

#include "host/cli/console.hpp"
#include "host/cli/environment.hpp"
#include "host/cli/options.hpp"
#include "host/cli/session.hpp"
#include "host/loader/scanner.hpp"

namespace pflow::host {
namespace {

using Command = ExitCode (*)(Session&);

struct Row {
  std::string_view name;
  Command command;
};

constexpr Row kRows[] = {
    {"run", run_command},     {"validate", validate_command}, {"describe", describe_command},
    {"nodes", nodes_command}, {"plugins", plugins_command},   {"schema", schema_command},
};

ExitCode dispatch(Session& session) {
  const Options& options = session.options();
  if (options.version) {
    return session.print(
        fmt::format("pflow-host {}\nplugin ABI {}.{}\n", PFLOW_VERSION, PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR));
  }
  if (options.help) return session.print(help_text(options.command));
  if (options.command == "help") return session.print(help_text(options.words.empty() ? "" : options.words.front()));
  for (const Row& row : kRows) {
    if (row.name == options.command) return row.command(session);
  }
  return ExitCode::kUsage;  // the command table and these rows are the same list; a test says so
}

int run(const std::vector<std::string>& arguments) {
  Console console;
  Problems problems;
  Session session(parse_command_line(arguments, problems), console);
  const Options& options = session.options();
  console.set_quiet(options.verbosity < 0);
  const auto no_color = environment("NO_COLOR");
  console.set_color(!options.no_color && (!no_color || no_color->empty()));
  if (!problems.empty()) return static_cast<int>(session.refuse(std::move(problems), {}));
  return static_cast<int>(dispatch(session));
}

}  // namespace
}  // namespace pflow::host

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() >= 2 && arguments.front() == pflow::host::kScanCommand) {
      return pflow::host::run_scan_child(std::stoi(arguments[1]), {arguments.begin() + 2, arguments.end()});
    }
    return pflow::host::run(arguments);
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: pflow-host itself failed: {}\n", e.what());
    return 1;
  }
}
