#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include "pflow/plugin.h"

#include "core/pricing/price_book.hpp"
#include "host/cli/console.hpp"
#include "host/cli/environment.hpp"
#include "host/cli/known_secrets.hpp"
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
    {"run", run_command},       {"validate", validate_command},   {"describe", describe_command},
    {"nodes", nodes_command},   {"providers", providers_command}, {"plugins", plugins_command},
    {"schema", schema_command}, {"pricing", pricing_command},     {"trace", trace_command},
};

ExitCode dispatch(Session& session) {
  const Options& options = session.options();
  if (options.version) {
    return session.print(fmt::format("pflow-host {}\nplugin ABI {}.{}\nprice data {} ({})\n", PFLOW_VERSION,
                                     PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR, PriceBook::data_version(),
                                     PriceBook::data_date()));
  }
  if (options.help) return session.print(help_text(options.command));
  if (options.command == "help") return session.print(help_text(options.words.empty() ? "" : options.words.front()));
  for (const Row& row : kRows) {
    if (row.name == options.command) return row.command(session);
  }
  return ExitCode::kUsage;  // the command table and these rows are the same list; a test says so
}

int run(const std::vector<std::string>& arguments, SteadyTime started) {
  Console console;
  add_variables(console.redactor());
  Problems problems;
  Session session(parse_command_line(arguments, problems), console, started);
  const Options& options = session.options();
  console.set_quiet(options.verbosity < 0);
  const auto no_color = environment("NO_COLOR");
  console.set_color(!options.no_color && (!no_color || no_color->empty()));
  if (!problems.empty()) return static_cast<int>(session.refuse(std::move(problems), {}));
  return static_cast<int>(dispatch(session));
}

// The hidden command of the process that looks at plugins: a descriptor for what it finds, then their paths.
int scan(const std::vector<std::string>& arguments) {
  int fd = -1;
  if (arguments.size() > 1) std::from_chars(arguments[1].data(), arguments[1].data() + arguments[1].size(), fd);
  if (fd < 0) return static_cast<int>(ExitCode::kUsage);
  return run_scan_child(fd, {arguments.begin() + 2, arguments.end()});
}

}  // namespace
}  // namespace pflow::host

int main(int argc, char** argv) {
  const auto started = std::chrono::steady_clock::now();
  pflow::host::occupy_standard_descriptors();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (!arguments.empty() && arguments.front() == pflow::host::kScanCommand) return pflow::host::scan(arguments);
    return pflow::host::run(arguments, started);
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: pflow-host itself failed: {}\n", e.what());
    return 1;
  }
}
