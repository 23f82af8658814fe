#include "host/cli/session.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/base/json_write.hpp"
#include "core/ir/parse.hpp"
#include "host/cli/environment.hpp"
#include "host/files/file_content.hpp"

namespace pflow::host {

std::unique_ptr<Registry> Session::make_registry(CallEvents* events, Problems& warnings) {
  const std::filesystem::path home = home_folder();
  Registry::Options options;
  options.search.plugin_files = options_.plugin_files;
  options.search.plugin_dirs = options_.plugin_dirs;
  if (!has_elevated_rights()) options.search.environment_path = environment("PFLOW_PLUGIN_PATH").value_or("");
  options.search.home = home;
  options.search.installed = installed_plugins();
  if (!home.empty() && !has_elevated_rights()) options.cache_folder = home / "cache";
  options.events = events;
  options.services = {&http_, &settings_};
  options.rescan_failed = options_.command == "plugins";  // who asks why wants to know it as it is now
  auto registry = std::make_unique<Registry>(std::move(options));
  for (const std::string& note : registry->notes()) {
    Error e;
    e.code = Code::kPluginRefused;
    e.message = note;
    warnings.push_back(std::move(e));
  }
  if (options_.plugin_files.empty()) return registry;
  for (const PluginRecord& record : registry->plugins()) {
    if (!record.error || record.origin != kNamedPlugin) continue;
    Error e = *record.error;
    e.message = fmt::format("--plugin: {} {}", record.path.string(), e.message);
    e.where.clear();
    warnings.push_back(std::move(e));
  }
  return registry;
}

std::optional<ir::Workflow> Session::read_workflow(Problems& problems) {
  if (options_.words.empty()) {
    Error e;
    e.code = Code::kUsage;
    e.message = fmt::format("\"{}\" needs a workflow", options_.command);
    e.hint = fmt::format("Try: pflow-host {} FILE, or - for stdin.", options_.command);
    problems.push_back(std::move(e));
    return std::nullopt;
  }
  const std::string& name = options_.words.front();
  Result<std::string> text = read_file(name, ir::kMaxDocumentBytes);
  if (!text) {
    Error e = std::move(text).error();
    std::error_code ec;
    const bool exists = name == "-" || std::filesystem::exists(name, ec);
    if (!exists && name.find(' ') != std::string::npos) {
      e.message = "there is no such file, and this version cannot plan a request in plain language";
    }
    if (std::filesystem::is_directory(name, ec)) e.message = "a workflow is a file, and this is a folder";
    if (e.code == Code::kTooLarge) e.hint = "Keep large data in files or inputs.";
    if (!exists) e.hint = "Give the path of a workflow file, or - for stdin.";
    problems.push_back(std::move(e));
    return std::nullopt;
  }
  return ir::parse_workflow(*text, name == "-" ? "<stdin>" : name, problems);
}

std::string result_text(const NamedValues& result) {
  std::string text;
  if (result.size() == 1) {
    const Value& v = result.front().second;
    if (v.type() == Value::Type::kBytes) return std::string(v.text());
    write_plain(v, text);
    if (v.is_null()) return text;
  } else if (!result.empty()) {
    std::vector<Member> members;
    for (const auto& [name, value] : result)
      members.push_back({Value::string(name), value});
    text = to_json(Value::object(members));
  } else {
    return text;
  }
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

ExitCode Session::finish(Outcome outcome, ExitCode code) {
  for (const Error& w : outcome.warnings)
    console_.warning(w);
  for (const Error& e : outcome.errors)
    console_.error(e);
  if (json()) {
    console_.redactor().redact(outcome.warnings);
    console_.redactor().redact(outcome.errors);
    const ExitCode printed = print(envelope(outcome, report_));
    return printed == ExitCode::kSuccess ? code : printed;
  }
  if (report_.metrics != nullptr) console_.note(summary_line(report_));
  if (!outcome.has_result) return code;
  const ExitCode printed = print(result_text(outcome.result));
  return printed == ExitCode::kSuccess ? code : printed;
}

ExitCode Session::finish_check(Outcome outcome) {
  if (outcome.errors.empty()) return finish(std::move(outcome), ExitCode::kSuccess);
  outcome.status = RunStatus::kFailed;
  const bool misused = exit_code_of(outcome.errors) == ExitCode::kUsage;
  return finish(std::move(outcome), misused ? ExitCode::kUsage : ExitCode::kInvalid);
}

ExitCode Session::refuse(Problems errors, Problems warnings) {
  Outcome outcome;
  outcome.status = RunStatus::kFailed;
  const ExitCode code = exit_code_of(errors);
  outcome.errors = std::move(errors);
  outcome.warnings = std::move(warnings);
  return finish(std::move(outcome), code);
}

ExitCode Session::show(std::string_view text) {
  return print(console_.stdout_is_terminal() ? harmless(text) : std::string(text));
}

ExitCode Session::print(std::string_view text) {
  const int error = console_.write_result(text);
  if (error == 0) return ExitCode::kSuccess;
  if (error == EPIPE) return ExitCode::kBrokenPipe;
  Error e;
  e.code = Code::kIo;
  e.message = fmt::format("the result could not be written to stdout: {}",
                          std::strerror(error));  // NOLINT(concurrency-mt-unsafe)
  console_.error(e);
  return ExitCode::kRunFailed;
}

}  // namespace pflow::host
