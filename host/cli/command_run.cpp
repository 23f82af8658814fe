#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "core/base/suggest.hpp"
#include "host/cli/call_log.hpp"
#include "host/cli/environment.hpp"
#include "host/cli/input_sources.hpp"
#include "host/cli/interrupts.hpp"
#include "host/cli/progress.hpp"
#include "host/cli/session.hpp"

namespace pflow::host {
namespace {

ExitCode signal_code(int signal) noexcept {
  return static_cast<ExitCode>(128 + signal);
}

// A run without a visible result of validation alone: warnings that only `validate` tells are left out.
void keep_run_warnings(Problems& warnings) {
  std::erase_if(warnings, [](const Error& e) { return e.code == Code::kUnsafeTemplate; });
}

std::uint32_t max_visits(Problems& problems) {
  constexpr std::uint32_t kDefault = 100;
  const std::optional<std::string> text = environment("PFLOW_MAX_NODE_VISITS");
  if (!text || text->empty()) return kDefault;
  std::uint32_t n = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), n);
  if (ec == std::errc() && end == text->data() + text->size() && n > 0) return n;
  Error e;
  e.code = Code::kUsage;
  e.message = fmt::format("PFLOW_MAX_NODE_VISITS must be a whole number above 0, not \"{}\"", *text);
  problems.push_back(std::move(e));
  return kDefault;
}

// The outputs that the last node may have when none are declared; empty when a node does not say which it has.
std::vector<std::string_view> undeclared_names(const Plan& plan) {
  std::vector<std::string_view> names;
  for (const PlanNode& node : plan.nodes) {
    if (node.type->open_outputs) return {};
    for (const OutputSpec& o : node.type->outputs)
      names.emplace_back(o.name);
    for (const auto& [output, key] : node.output_mapping)
      names.emplace_back(key);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// -o must name an output. Without declared ones the last node's count, and which that is, is known only after the run.
void check_output_key(const Plan& plan, const Options& options, Problems& problems) {
  if (!options.output_key) return;
  const bool declared = !plan.outputs.empty();
  const std::vector<std::string_view> names = declared ? output_names(plan) : undeclared_names(plan);
  if (!declared && names.empty()) return;
  if (std::find(names.begin(), names.end(), *options.output_key) != names.end()) return;
  Error e;
  e.code = Code::kUnknownOutput;
  e.message = fmt::format("{} output \"{}\"", declared ? "the workflow has no" : "no node of the workflow has an",
                          *options.output_key);
  e.where = "-o";
  e.hint = did_you_mean(*options.output_key, names, "Outputs");
  problems.push_back(std::move(e));
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

// A workflow that is ready: what `run` needs from the document, the command line and the plugins.
struct Prepared {
  std::optional<ir::Workflow> workflow;
  std::vector<ir::BoundInput> inputs;
  std::unique_ptr<Plan> plan;
  std::uint32_t visits = 0;
};

// An input whose file could not be read has been told so: it is not missing as well.
void forget_missing(const std::vector<std::string>& unreadable, Problems& errors) {
  std::erase_if(errors, [&](const Error& e) {
    return e.code == Code::kMissingInput && std::any_of(unreadable.begin(), unreadable.end(), [&](const auto& name) {
             return e.where.ends_with(pointer_to("/inputs", name));
           });
  });
}

Prepared prepare(Session& session, Registry& registry, Problems& errors, Problems& warnings) {
  Prepared p;
  p.visits = max_visits(errors);
  p.workflow = session.read_workflow(errors);
  if (!p.workflow) return p;
  const Options& options = session.options();
  const std::vector<std::string> words(options.words.begin() + 1, options.words.end());
  const bool stdin_is_free = options.words.front() != "-";
  std::vector<std::string> unreadable;
  const auto given = gather_inputs(*p.workflow, options, words, stdin_is_free, unreadable, errors);
  p.inputs = ir::bind_inputs(*p.workflow, given, errors);
  forget_missing(unreadable, errors);
  std::vector<std::string> names;
  for (const ir::BoundInput& input : p.inputs)
    names.push_back(input.name);
  p.plan = make_plan(*p.workflow, std::move(names), registry, errors, warnings);
  if (p.plan) {
    check_output_key(*p.plan, options, errors);
    std::error_code ec;
    if (stdin_is_free)
      p.plan->workflow_dir = std::filesystem::absolute(options.words.front(), ec).parent_path().string();
  }
  if (p.workflow->limits.max_cost_usd) {
    Error e;
    e.code = Code::kUnsupported;
    e.message = "limits.max_cost_usd is not watched by this version: it knows no costs yet";
    e.where = p.workflow->source_name;
    warnings.push_back(std::move(e));
  }
  return p;
}

std::string chain_text(const Plan& plan) {
  std::string text = "Nodes, from the start:";
  for (const PlanNode& node : plan.nodes) {
    text +=
        fmt::format("\n  {} ({}){}", node.id, node.type->name, &node == &plan.nodes[plan.start] ? "  <- start" : "");
    for (const PlanEdge& e : node.edges)
      text += fmt::format("\n    {} -> {}", e.action, plan.nodes[e.target].id);
    if (node.next != kNoNode) text += fmt::format("\n    -> {}", plan.nodes[node.next].id);
  }
  return text;
}

ExitCode dry_run(Session& session, const Plan& plan, Problems warnings) {
  session.console().note(chain_text(plan));
  Outcome outcome;
  outcome.warnings = std::move(warnings);
  return session.finish(outcome, ExitCode::kSuccess);
}

ExitCode tell(Session& session, const Plan& plan, SharedStore& store, RunResult& run, Outcome& outcome, int signal) {
  outcome.status = run.status;
  std::move(run.warnings.begin(), run.warnings.end(), std::back_inserter(outcome.warnings));
  if (run.error) {
    outcome.errors.push_back(std::move(*run.error));
    const bool cancelled = outcome.status == RunStatus::kCancelled;
    return session.finish(
        outcome, cancelled ? signal_code(signal != 0 ? signal : SIGINT) : exit_code_of_run(outcome.errors.back()));
  }
  outcome.result = collect_outputs(plan, store, run, outcome.errors, outcome.warnings);
  if (const auto& key = session.options().output_key) {
    if (plan.outputs.empty()) {
      choose_undeclared(plan, store, run, *key, outcome);
    } else {
      std::erase_if(outcome.result, [&](const auto& named) { return named.first != *key; });
    }
  }
  if (!outcome.errors.empty()) {
    outcome.status = RunStatus::kFailed;
    return session.finish(outcome, ExitCode::kRunFailed);
  }
  outcome.has_result = true;
  return session.finish(outcome, outcome.status == RunStatus::kDegraded ? ExitCode::kDegraded : ExitCode::kSuccess);
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

// Plugins may have threads of their own that still run: nothing that they use may go away, so nothing is destroyed.
[[noreturn]] void leave(ExitCode code) {
#if defined(__SANITIZE_ADDRESS__)
  std::exit(static_cast<int>(code));  // the leak check runs at exit
#else
  std::_Exit(static_cast<int>(code));
#endif
}

}  // namespace

ExitCode run_command(Session& session) {
  CallLog log(session.console(), session.options().verbosity);
  Interrupts interrupts([&](int signal) { leave_before_run(session, signal); });
  Outcome outcome;
  std::unique_ptr<Registry> registry = session.make_registry(&log, outcome.warnings);
  Problems errors;
  Prepared prepared = prepare(session, *registry, errors, outcome.warnings);
  keep_run_warnings(outcome.warnings);
  if (!errors.empty()) return session.refuse(std::move(errors), std::move(outcome.warnings));
  Plan& plan = *prepared.plan;
  if (session.options().dry_run) return dry_run(session, plan, std::move(outcome.warnings));
  if (!instantiate(plan, *registry, errors)) return session.refuse(std::move(errors), std::move(outcome.warnings));

  SharedStore store(plan.names);
  for (std::size_t i = 0; i < prepared.inputs.size(); ++i) {
    store.set_input(static_cast<std::uint32_t>(i), std::move(prepared.inputs[i].value));
  }
  RunControl control;
  interrupts.set_handler([&](int) { control.cancel(); });
  RunOptions options;
  options.run_id = boost::uuids::to_string(boost::uuids::random_generator()());
  options.max_visits = prepared.visits;
  options.events = &log;
  if (session.options().timeout_s) {
    options.max_duration_ms = static_cast<std::int64_t>(*session.options().timeout_s * 1000);
  }
  RunResult run;
  {
    std::optional<Progress> progress;
    if (session.console().stderr_is_terminal() && session.options().verbosity >= 0) {
      options.observer = &progress.emplace(session.console());
    }
    run = Engine(plan, control, options).run(store);
  }
  for (Error& fault : log.take_late_faults())
    outcome.warnings.push_back(std::move(fault));
  const ExitCode code = tell(session, plan, store, run, outcome, interrupts.signal());
  if (run.abandoned == 0) registry->close();
  leave(code);
}

}  // namespace pflow::host
