#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "core/base/suggest.hpp"
#include "host/cli/call_log.hpp"
#include "host/cli/interrupts.hpp"
#include "host/cli/last_words.hpp"
#include "host/cli/measurement.hpp"
#include "host/cli/prepare.hpp"
#include "host/cli/progress.hpp"
#include "host/cli/session.hpp"
#include "host/instrument/instrumented_node.hpp"

namespace pflow::host {
namespace {

ExitCode signal_code(int signal) noexcept {
  return static_cast<ExitCode>(128 + signal);
}

// A run without a visible result of validation alone: warnings that only `validate` tells are left out.
void keep_run_warnings(Problems& warnings) {
  std::erase_if(warnings, [](const Error& e) { return e.code == Code::kUnsafeTemplate; });
}

// What was chosen with -o, when the workflow declares no outputs: any output of the last node.
void choose_undeclared(const Plan& plan, const SharedStore& store, const RunResult& run, const std::string& key,
                       Outcome& outcome) {
  const ValueMap& written = plan.namespaced ? store.outputs(run.last_node) : store.root();
  if (const Value* v = written.find(key)) {
    outcome.result = {{key, *v}};
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& [name, value] : written.entries())
    names.emplace_back(name);
  Error e;
  e.code = Code::kUnknownOutput;
  e.message = fmt::format("node \"{}\", the last one, has no output \"{}\"", plan.nodes[run.last_node].id, key);
  e.where = "-o";
  e.hint = did_you_mean(key, names, "Outputs");
  outcome.errors.push_back(std::move(e));
  outcome.result.clear();
}

// Checks everything and runs nothing; ends as `validate` does.
ExitCode dry_run(Session& session, const Prepared& prepared, Problems errors, Problems warnings) {
  if (prepared.workflow) session.console().note(chain_text(*prepared.workflow, prepared.plan.get()));
  Outcome outcome;
  outcome.errors = std::move(errors);
  outcome.warnings = std::move(warnings);
  return session.finish_check(std::move(outcome));
}

// What became of a run, ready to be told: its outcome and the exit code.
ExitCode judge(Session& session, const Plan& plan, SharedStore& store, RunResult& run, Outcome& outcome, int signal) {
  outcome.status = run.status;
  std::move(run.warnings.begin(), run.warnings.end(), std::back_inserter(outcome.warnings));
  if (run.error) {
    outcome.errors.push_back(std::move(*run.error));
    const bool cancelled = outcome.status == RunStatus::kCancelled;
    return cancelled ? signal_code(signal != 0 ? signal : SIGINT) : exit_code_of_run(outcome.errors.back());
  }
  outcome.result = collect_outputs(plan, store, run, outcome.errors, outcome.warnings, session.options().output_key);
  if (const auto& key = session.options().output_key; key && plan.outputs.empty()) {
    choose_undeclared(plan, store, run, *key, outcome);
  }
  if (!outcome.errors.empty()) {
    outcome.status = RunStatus::kFailed;
    return ExitCode::kRunFailed;
  }
  outcome.has_result = true;
  return outcome.status == RunStatus::kDegraded ? ExitCode::kDegraded : ExitCode::kSuccess;
}

// Before the run there is nothing to wait for: the line is told and the process ends.
[[noreturn]] void leave_before_run(Session& session, int signal) {
  Outcome outcome;
  outcome.status = RunStatus::kCancelled;
  Error e;
  e.code = Code::kCancelled;
  e.message = "the run was cancelled before it began";
  outcome.errors.push_back(std::move(e));
  std::_Exit(static_cast<int>(session.finish(outcome, signal_code(signal))));
}

// The line that is printed when a plugin takes the whole process with it.
std::string line_of_a_crash(RunReport report) {
  Outcome outcome;
  outcome.status = RunStatus::kFailed;
  Error e;
  e.code = Code::kPluginMisbehaved;
  e.message = fmt::format("node \"{}\": its plugin {} {}", kNodeMark, kPluginMark, kEndMark);
  e.node_id = kNodeMark;
  outcome.errors.push_back(std::move(e));
  report.cost_is_lost = true;
  return envelope(outcome, report);
}

// Plugins may have threads of their own that still run: nothing that they use may go away, so nothing more is
// destroyed.
[[noreturn]] void leave(ExitCode code) {
#if defined(__SANITIZE_ADDRESS__)
  std::exit(static_cast<int>(code));  // the leak check runs at exit
#else
  std::_Exit(static_cast<int>(code));
#endif
}

// The orderly end: the nodes' instances go first, then each plugin's deinit is called.
[[noreturn]] void leave(ExitCode code, std::unique_ptr<Plan> plan, Registry& registry) {
  plan.reset();
  registry.close();
  leave(code);
}

}  // namespace

ExitCode run_command(Session& session) {
  CallLog log(session.console(), session.options().verbosity);
  Interrupts interrupts([&](int signal) { leave_before_run(session, signal); });
  Outcome outcome;
  Problems errors;
  std::unique_ptr<Registry> registry = session.make_registry(&log, outcome.warnings);
  Prepared prepared = prepare(session, *registry, errors, outcome.warnings);
  if (session.options().dry_run) return dry_run(session, prepared, std::move(errors), std::move(outcome.warnings));
  keep_run_warnings(outcome.warnings);
  if (!errors.empty()) return session.refuse(std::move(errors), std::move(outcome.warnings));
  const bool measured = wants_measurement(session.options(), prepared);
  if (!instantiate(*prepared.plan, *registry, errors, measured ? &InstrumentedNodeWrapper::wrap : nullptr)) {
    leave(session.refuse(std::move(errors), std::move(outcome.warnings)), std::move(prepared.plan), *registry);
  }

  SharedStore store(prepared.plan->names);
  for (std::size_t i = 0; i < prepared.inputs.size(); ++i)
    store.set_input(static_cast<std::uint32_t>(i), prepared.inputs[i].value);
  RunControl control;
  interrupts.set_handler([&](int) { control.cancel(); });
  RunOptions options;
  options.run_id = session.report().execution_id = new_uuid();
  options.max_visits = prepared.visits;
  options.events = &log;
  if (session.options().timeout_s) {
    options.max_duration_ms = static_cast<std::int64_t>(*session.options().timeout_s * 1000);
  }
  std::optional<Measurement> measurement;
  RunResult run;
  {
    std::optional<Progress> progress;
    const int verbosity = session.options().verbosity;
    if (verbosity >= 1 || (verbosity == 0 && session.console().stderr_is_terminal())) {
      options.observer = &progress.emplace(session.console());
    }
    if (measured) {
      measurement.emplace(session, prepared, *registry, std::move(prepared.prices), store, control, outcome.warnings);
      Instrumentation& instrumentation = measurement->start(options.run_id, options.observer);
      options.observer = &instrumentation;
      log.set_collector(&instrumentation);
    }
    arm_last_words(session.console().result_descriptor(), session.json() ? line_of_a_crash(session.report()) : "");
    run = Engine(*prepared.plan, control, options).run(store);
    disarm_last_words();
  }
  interrupts.stop();
  for (Error& fault : log.finish())
    outcome.warnings.push_back(std::move(fault));
  for (Error& warning : session.settings().take_warnings())  // plugins may be the first to need them
    outcome.warnings.push_back(std::move(warning));
  const ExitCode judged = judge(session, *prepared.plan, store, run, outcome, interrupts.signal());
  if (measurement) measurement->finish(outcome);
  const ExitCode code = session.finish(std::move(outcome), judged);
  if (run.abandoned != 0) leave(code);
  leave(code, std::move(prepared.plan), *registry);
}

}  // namespace pflow::host
