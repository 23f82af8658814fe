#include "core/engine/reference_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/base/wording.hpp"

namespace pflow {
namespace {

std::string outputs_text(const PlanNode& node) {
  std::vector<std::string> shown;
  for (const OutputSpec& o : node.outputs())
    shown.push_back(fmt::format("{} ({})", o.name, o.type));
  const std::vector<std::string_view> views(shown.begin(), shown.end());
  return fmt::format("Outputs of {}: {}.", node.id, listing(views));
}

}  // namespace

ReferenceCheck::ReferenceCheck(const ir::Workflow& workflow, const Plan& plan, const Graph& graph,
                               const std::vector<bool>& reachable)
    : workflow_(workflow), plan_(plan), graph_(graph), reachable_(reachable) {}

void ReferenceCheck::add(Code code, const Path& path, std::string problem, std::string hint, const std::string& place) {
  Error e;
  e.code = code;
  e.message = fmt::format("${{{}}}: {}", path.text, problem);
  e.where = place;
  e.hint = std::move(hint);
  problems_.push_back(std::move(e));
}

void ReferenceCheck::unknown_name(const Path& path, NodeIndex user, const std::string& place) {
  std::string hint = first_names().did_you_mean(path.head, "Available");
  // Only parameters are text otherwise; only a workflow that declares no inputs takes any.
  if (user != kNoNode) hint += fmt::format(" For the text itself write $${{{}}}.", path.text);
  const bool may_be_input = user != kNoNode && workflow_.inputs.empty() && path.steps.empty();
  if (may_be_input) hint += fmt::format(" For an input give {}=VALUE.", path.head);
  add(Code::kUnknownReference, path, fmt::format("there is no input or node \"{}\"", path.head), std::move(hint),
      place);
}

void ReferenceCheck::check(const Path& path, NodeIndex user, const std::string& place, Names extra) {
  if (full() || is_host_name(path.head)) return;
  if (extra == Names::kOfCall && user != kNoNode && plan_.nodes[user].batch) {
    if (path.head == plan_.nodes[user].batch->as || path.head == kBatchIndexName) return;
  }
  const StoreNames& names = plan_.names;
  if (const auto input = names.input_index.find(path.head); input != names.input_index.end()) {
    if (input->second < workflow_.inputs.size()) check_input(path, workflow_.inputs[input->second], place);
    return;
  }
  if (!plan_.namespaced) return check_root_key(path, place);

  const auto node = names.node_index.find(path.head);
  if (user != kNoNode) {
    const PlanNode& own = plan_.nodes[user];
    const bool own_output = own.type != nullptr && own.output(path.head) != nullptr;
    if (own_output && node == names.node_index.end()) {
      orders_.push_back({user, user, path.text, place});
      return;
    }
  }
  if (node != names.node_index.end()) return check_node(path, node->second, user, place);
  // Without declared inputs, a run may bring any: what is left over is told when the inputs are known.
  unknown_name(path, user, place);
}

Suggestions& ReferenceCheck::first_names() {
  if (!first_names_) {
    first_names_.emplace();
    for (const std::string& name : plan_.names.inputs)
      first_names_->add(name);
    for (const std::string& name : plan_.names.nodes)
      first_names_->add(name);
  }
  return *first_names_;
}

void ReferenceCheck::check_input(const Path& path, const ir::Input& input, const std::string& place) {
  if (input.type) check_steps(path, 0, ir::data_type_name(*input.type), fmt::format("input \"{}\"", input.name), place);
}

void ReferenceCheck::check_node(const Path& path, NodeIndex source, NodeIndex user, const std::string& place) {
  const PlanNode& node = plan_.nodes[source];
  const std::size_t problems_before = problems_.size();
  check_output(path, node, place);
  if (problems_.size() != problems_before) return;  // one reference, one problem
  if (user != kNoNode) {
    orders_.push_back({source, user, path.text, place});
  } else if (!reachable_[source] && !workflow_.incomplete) {
    add(Code::kNotUpstream, path, fmt::format("node \"{}\" never runs", node.id), "No edges lead to it.", place);
  }
}

void ReferenceCheck::check_output(const Path& path, const PlanNode& node, const std::string& place) {
  if (node.type == nullptr || path.steps.empty()) return;
  const PathStep& first = path.steps.front();
  if (first.is_index()) {
    add(Code::kUnknownReference, path, fmt::format("\"{}\" is a node, not a list", node.id), outputs_text(node), place);
    return;
  }
  if (first.key == kErrorAction) return;  // every node has an error once it failed
  const OutputSpec* output = node.output(first.key);
  if (output != nullptr) {
    return check_steps(path, 1, output->type, fmt::format("output \"{}\" of \"{}\"", output->name, node.id), place);
  }
  if (node.open_outputs()) return;
  std::vector<std::string_view> names;
  for (const OutputSpec& o : node.outputs())
    names.push_back(o.name);
  const std::string_view near = nearest(first.key, names);
  std::string hint = near.empty() ? "" : fmt::format("Did you mean \"{}\"? ", near);
  if (node.batch && (node.type->open_outputs || node.type->output(first.key) != nullptr)) {
    hint = fmt::format("What its items write stands in their results: ${{{}.results[0].{}}}. ", node.id, first.key);
  }
  add(Code::kUnknownReference, path,
      fmt::format("node \"{}\" ({} {}) has no output \"{}\"", node.id, node.batch ? "a batch of" : "type",
                  node.type->name, first.key),
      hint + outputs_text(node), place);
}

ReferenceCheck::RootKeys& ReferenceCheck::root_keys() {
  if (root_keys_) return *root_keys_;
  RootKeys& keys = root_keys_.emplace();
  keys.names.insert(plan_.names.inputs.begin(), plan_.names.inputs.end());
  for (const PlanNode& node : plan_.nodes) {
    keys.open = keys.open || node.type == nullptr || node.open_outputs();
    if (keys.open) return keys;
    for (const OutputSpec& o : node.outputs())
      keys.names.insert(node.store_key(o.name));
  }
  std::vector<std::string_view> sorted(keys.names.begin(), keys.names.end());
  std::sort(sorted.begin(), sorted.end());
  keys.suggestions = Suggestions(std::move(sorted));
  return keys;
}

void ReferenceCheck::check_root_key(const Path& path, const std::string& place) {
  RootKeys& keys = root_keys();
  if (keys.open || path.head == kErrorAction || keys.names.count(path.head) != 0) return;
  add(Code::kUnknownReference, path, fmt::format("there is no input or output \"{}\"", path.head),
      fmt::format("{} Namespacing is off: outputs are read by their own name.",
                  keys.suggestions.did_you_mean(path.head, "Available")),
      place);
}

void ReferenceCheck::check_steps(const Path& path, std::size_t first, std::string_view type, const std::string& what,
                                 const std::string& place) {
  if (path.steps.size() <= first) return;
  const PathStep& step = path.steps[first];
  const bool scalar = type == "integer" || type == "number" || type == "boolean" || type == "bytes";
  const bool wrong = scalar || (type == "array" && !step.is_index()) || (type == "object" && step.is_index());
  if (!wrong) return;
  const std::string part = step.is_index() ? fmt::format("item [{}]", step.index) : fmt::format("\"{}\"", step.key);
  add(Code::kUnknownReference, path, fmt::format("{} is {} and has no {}", what, with_article(type), part),
      type == "array" ? "An item is written with its position: [0] is the first." : "", place);
}

Problems ReferenceCheck::finish() {
  std::vector<std::pair<NodeIndex, NodeIndex>> pairs;
  for (const Order& o : orders_)
    pairs.emplace_back(o.source, o.user);
  if (workflow_.incomplete) return std::move(problems_);  // which edges are missing is not known
  const std::vector<bool> possible = graph_.can_precede(pairs);
  for (std::size_t i = 0; i < orders_.size() && !full(); ++i) {
    const Order& o = orders_[i];
    if (!reachable_[o.user] || (possible[i] && reachable_[o.source])) continue;
    Error e;
    e.code = Code::kNotUpstream;
    e.where = o.place;
    e.message = o.source == o.user ? fmt::format("${{{}}}: node \"{}\" reads its own output but runs only once", o.text,
                                                 plan_.nodes[o.user].id)
                                   : fmt::format("${{{}}}: node \"{}\" cannot have run before \"{}\"", o.text,
                                                 plan_.nodes[o.source].id, plan_.nodes[o.user].id);
    e.hint = o.source == o.user ? "Only a node in a loop can read what it wrote on an earlier visit."
                                : "Add an edge that leads from the one to the other, or use an earlier node.";
    problems_.push_back(std::move(e));
  }
  return std::move(problems_);
}

}  // namespace pflow
