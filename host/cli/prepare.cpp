#include "host/cli/prepare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <unordered_map>

#include "core/base/suggest.hpp"
#include "core/engine/outputs.hpp"
#include "core/template/param_template.hpp"
#include "host/cli/environment.hpp"
#include "host/cli/input_sources.hpp"
#include "host/cli/known_secrets.hpp"
#include "host/cli/llm_setup.hpp"
#include "host/cli/measurement.hpp"
#include "host/cli/price_options.hpp"
#include "host/cli/workflow_files.hpp"

namespace pflow::host {
namespace {

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

// -o must name an output. Without declared ones the last node's count, and which that is, is known only after the run.
void check_output_key(const Plan& plan, const Options& options, Problems& problems) {
  if (!options.output_key) return;
  const bool declared = !plan.outputs.empty();
  const std::vector<std::string_view> names = possible_output_names(plan);
  if (!declared && names.empty()) return;
  if (std::find(names.begin(), names.end(), *options.output_key) != names.end()) return;
  Error e;
  e.code = Code::kUnknownOutput;
  e.message = fmt::format("{} output \"{}\"", declared ? "the workflow has no" : "no node that can be the last has an",
                          *options.output_key);
  e.where = "-o";
  e.hint = did_you_mean(*options.output_key, names, "Outputs");
  problems.push_back(std::move(e));
}

// An input whose file could not be read has been told so: it is not missing as well.
void forget_missing(const std::vector<std::string>& unreadable, Problems& errors) {
  std::erase_if(errors, [&](const Error& e) {
    return e.code == Code::kMissingInput && std::any_of(unreadable.begin(), unreadable.end(), [&](const auto& name) {
             return e.where.ends_with(pointer_to("/inputs", name));
           });
  });
}

}  // namespace

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
  Redactor& redactor = session.console().redactor();
  add_written(*p.workflow, redactor);
  add_inputs(*p.workflow, given, p.inputs, redactor);
  std::vector<std::string> names;
  for (const ir::BoundInput& input : p.inputs)
    names.push_back(input.name);
  std::vector<LlmInput> known;
  for (const ir::BoundInput& input : p.inputs)
    known.push_back({input.name, errors.empty() ? std::optional(input.value) : std::nullopt});
  LlmSetup setup(options, session.settings());
  LlmProviders providers = setup.providers(registry, std::move(known));
  WorkflowFiles files(home_folder(), redactor);
  p.plan = make_plan(*p.workflow, std::move(names), providers, errors, warnings,
                     {&files, WorkflowFiles::place_of(options.words.front())});
  for (Error& warning : setup.take_warnings())
    warnings.push_back(std::move(warning));
  for (Error& warning : providers.missing_keys_of_selected())
    warnings.push_back(std::move(warning));
  for (const auto& [name, value] : setup.secrets())
    redactor.add(name, Value::string(value));
  if (p.plan) add_params(*p.plan, redactor);
  if (p.plan) {
    check_output_key(*p.plan, options, errors);
    std::error_code ec;
    if (stdin_is_free)
      p.plan->workflow_dir = std::filesystem::absolute(options.words.front(), ec).parent_path().string();
  }
  if (p.plan && (wants_measurement(options, p) || !options.prices.empty())) {
    p.prices = make_price_book(options, errors);
  }
  return p;
}

std::string nested_text(const PlanChild& child, std::size_t indent) {
  std::string text;
  for (const PlanNode& node : child.plan->nodes) {
    text += fmt::format("\n{:{}}{} ({})", "", indent, node.id, node.type->name);
    if (node.child) text += nested_text(*node.child, indent + 2);
  }
  return text;
}

std::string chain_text(const ir::Workflow& workflow, const Plan* plan) {
  std::unordered_map<std::string_view, std::string> edges;  // by where they leave from
  if (workflow.edges) {
    for (const ir::Edge& e : *workflow.edges)
      edges[e.from] += fmt::format("\n    {} -> {}", e.action, e.to);
  }
  std::string text = "Nodes, from the start:";
  const std::string& start = workflow.start_node ? *workflow.start_node : workflow.nodes.front().id;
  for (std::size_t i = 0; i < workflow.nodes.size(); ++i) {
    const ir::Node& node = workflow.nodes[i];
    text += fmt::format("\n  {} ({}){}", node.id, node.type, node.id == start ? "  <- start" : "");
    if (plan != nullptr && plan->nodes[i].child) {
      const PlanChild& child = *plan->nodes[i].child;
      text += fmt::format("\n    runs {}:{}", child.plan->source_name, nested_text(child, 6));
    }
    if (!workflow.edges && i + 1 < workflow.nodes.size()) text += fmt::format("\n    -> {}", workflow.nodes[i + 1].id);
    text += edges[node.id];
  }
  return text;
}

}  // namespace pflow::host
