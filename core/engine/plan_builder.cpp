#include "core/engine/plan_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "core/base/json_pointer.hpp"
#include "core/base/problem_list.hpp"
#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/engine/graph.hpp"
#include "core/engine/reference_check.hpp"
#include "core/engine/workflow_type.hpp"
#include "core/ir/parse.hpp"

namespace pflow {
namespace {

constexpr std::size_t kShownText = 80;  // of a document's text in a message

// The host's own values, or a node's `llm_usage`, which the host completes with its cost.
bool reads_metering(const Path& path) {
  return is_host_name(path.head) || path.head == kLlmUsageOutput ||
         std::any_of(path.steps.begin(), path.steps.end(), [](const PathStep& s) { return s.key == kLlmUsageOutput; });
}

// What a batch is called for, as if it were a parameter.
constexpr std::string_view kItemsParam = "items";

const NodeType& items_type() {
  static const NodeType type = [] {
    NodeType t;
    t.name = "batch";
    t.params.resize(1);
    t.params[0].name = kItemsParam;
    t.params[0].types = {ir::DataType::kArray};
    t.params[0].required = true;
    return t;
  }();
  return type;
}

// Builds one plan; each step is one part of a document, in the order in which the later ones need the earlier.
class PlanBuilder {
 public:
  PlanBuilder(const ir::Workflow& workflow, NodeFactory& factory, Nesting& nesting, Problems& errors,
              Problems& warnings)
      : workflow_(workflow),
        factory_(factory),
        nesting_(nesting),
        errors_(workflow.source_name, errors),
        warnings_(workflow.source_name, warnings),
        graph_(workflow.nodes.size()) {}

  std::unique_ptr<Plan> build(std::vector<std::string> input_names) {
    plan_ = std::make_unique<Plan>();
    plan_->source_name = workflow_.source_name;
    plan_->workflow_name = workflow_.name.empty() ? workflow_.source_name : workflow_.name;
    plan_->namespaced = workflow_.namespaced;
    plan_->max_duration_ms = workflow_.limits.max_duration_ms;
    plan_->max_cost_usd = workflow_.limits.max_cost_usd;
    if (workflow_.template_mode == ir::TemplateMode::kPermissive) plan_->on_missing = OnMissing::kKeepText;
    plan_->names.inputs = std::move(input_names);
    for (const ir::Node& node : workflow_.nodes)
      plan_->names.nodes.push_back(node.id);
    for (const ir::Input& input : workflow_.inputs) {
      if (input.secret) plan_->names.secret_inputs.push_back(input.name);
    }
    plan_->names.namespaced = workflow_.namespaced;
    plan_->names.index();
    if (!nesting_.count(workflow_.nodes.size())) {
      too_many_nodes();
      return nullptr;
    }

    index_mappings();
    add_nodes();
    if (errors_.full() || nesting_.too_many()) return nullptr;
    add_mappings();
    add_edges();
    add_outputs();
    const std::vector<bool> reachable = graph_.reachable_from(plan_->start);
    if (!workflow_.incomplete) warn_of_unreachable(reachable);
    check_references(reachable);
    return errors_.empty() && !workflow_.incomplete && !broken_ ? std::move(plan_) : nullptr;
  }

 private:
  std::string place(std::string_view pointer) const { return ir::document_place(workflow_.source_name, pointer); }

  void too_many_nodes() {
    Error e;
    e.code = Code::kTooLarge;
    e.message = fmt::format("the run would have more than {} nodes, those of nested workflows included", ir::kMaxNodes);
    e.where = place("");
    errors_.add(std::move(e));
  }

  // The node's type, and its parameters when those that are written do not count. A type that is the same for all is
  // asked for once.
  Selection select_type(const ir::Node& spec, const Value& params, const PlanNode& node) {
    const auto known = types_.find(spec.type);
    if (known != types_.end()) return {known->second};
    Result<Selection> selected = factory_.select(spec.type, params);
    if (selected) {
      if (!selected->by_params) types_[spec.type] = selected->type;
      return std::move(selected).value();
    }
    Error e = std::move(selected).error();
    const bool elsewhere = !e.where.empty() && !e.where.starts_with('#');
    if (elsewhere) {  // once, however many nodes it concerns
      if (std::find(told_elsewhere_.begin(), told_elsewhere_.end(), e) != told_elsewhere_.end()) return {};
      told_elsewhere_.push_back(e);
    } else {
      e.where = e.where.empty() ? node.place + "/type" : node.params_place + e.where.substr(1);
      e.node_id = spec.id;
    }
    errors_.add(std::move(e));
    return {};
  }

  void add_nodes() {
    plan_->nodes.resize(workflow_.nodes.size());
    for (std::size_t i = 0; i < workflow_.nodes.size() && !errors_.full() && !nesting_.too_many(); ++i) {
      const ir::Node& spec = workflow_.nodes[i];
      PlanNode& node = plan_->nodes[i];
      const std::string pointer = fmt::format("/nodes/{}", i);
      node.id = spec.id;
      node.place = place(pointer);
      node.params_place = fmt::format("{}/{}", node.place, spec.params_key);
      node.timeout_ms = spec.timeout_ms;
      if (spec.type.empty()) continue;
      if (spec.type == kWorkflowType) {
        add_child(spec, node);
        continue;
      }
      Value params = with_mapped_inputs(spec);
      Selection selected = select_type(spec, params, node);
      if (selected.type == nullptr) continue;
      node.type = selected.type;
      if (selected.params) params = std::move(*selected.params);
      Problems errors;
      Problems warnings;
      node.params = ParamSet::compile(params, *node.type, node.params_place, errors, warnings);
      for (Error& e : errors) {
        e.node_id = spec.id;
        errors_.add(std::move(e));
      }
      for (Error& e : warnings)
        warnings_.add(std::move(e));
      add_manner(spec, node);
      warn_of_shell_text(node);
    }
  }

  void add_child(const ir::Node& spec, PlanNode& node) {
    if (!nesting_.add_child(spec, node, errors_, warnings_)) broken_ = true;
    if (node.type == nullptr) return;
    if (node.child->plan && node.child->plan->reads_metering) plan_->reads_metering = true;
    add_manner(spec, node);
  }

  // How it is called: as often, and again when it fails.
  void add_manner(const ir::Node& spec, PlanNode& node) {
    node.params.bind(plan_->names);
    node.retry_is_explicit = spec.retry.has_value();
    node.retry = spec.retry.value_or(node.type->retry.value_or(ir::RetryPolicy{}));
    if (spec.batch) add_batch(spec, node);
  }

  void add_batch(const ir::Node& spec, PlanNode& node) {
    const ir::Batch& written = *spec.batch;
    PlanBatch& batch = node.batch.emplace();
    batch.place = node.place + "/batch";
    Member items{Value::string(kItemsParam), written.items};
    Problems errors;
    Problems warnings;
    batch.items = ParamSet::compile(Value::object({&items, 1}), items_type(), batch.place, errors, warnings);
    for (Error& e : errors) {
      e.node_id = spec.id;
      errors_.add(std::move(e));
    }
    batch.items.bind(plan_->names);
    batch.as = written.as;
    batch.parallel = written.parallel;
    batch.written_max_concurrent = written.max_concurrent;
    batch.fail_fast = written.fail_fast;
    if (written.parallel) {
      std::size_t most = written.max_concurrent;
      if (node.type->max_concurrency != 0) most = std::min<std::size_t>(most, node.type->max_concurrency);
      if (!node.type->nonblocking) most = std::min(most, kMaxWorkers);
      batch.max_concurrent = static_cast<std::uint32_t>(most);
    }
    if (written.max_retries) {
      node.retry_is_explicit = true;
      node.retry = ir::RetryPolicy{};
      node.retry.max_attempts = *written.max_retries;
      node.retry.wait_ms = written.retry_wait_ms;
    }
  }

  // With namespacing off, a parameter that a mapping names and the node does not give is read from the store.
  Value with_mapped_inputs(const ir::Node& spec) {
    const auto mapping = mappings_.find(spec.id);
    if (mapping == mappings_.end()) return spec.params;
    std::vector<Member> members;
    if (spec.params.is_object()) members.assign(spec.params.members().begin(), spec.params.members().end());
    for (const auto& [param, key] : mapping->second->inputs) {
      if (!parse_path(key)) {
        not_a_key(spec, param, key);
      } else if (spec.params.find(param) == nullptr) {
        members.push_back({Value::string(param), Value::string(fmt::format("${{{}}}", key))});
      }
    }
    return Value::object(members);
  }

  void not_a_key(const ir::Node& spec, std::string_view param, std::string_view key) {
    Error e;
    e.code = Code::kInvalidValue;
    e.message = fmt::format("\"{}\" is no key of the shared store", printable(key, kShownText));
    e.where = place(pointer_to(pointer_to("/mappings", spec.id) + "/input_mappings", param));
    e.hint = "Write the name of an input or output, with as many .key and [0] as needed.";
    e.node_id = spec.id;
    errors_.add(std::move(e));
  }

  void index_mappings() {
    if (workflow_.namespaced) return;
    for (const ir::Mapping& m : workflow_.mappings)
      mappings_.emplace(m.node, &m);
  }

  void add_mappings() {
    for (PlanNode& node : plan_->nodes) {
      if (const auto m = mappings_.find(node.id); m != mappings_.end()) node.output_mapping = m->second->outputs;
    }
  }

  // A name that leads nowhere has been told when the document was read.
  [[nodiscard]] NodeIndex index_of(const std::string& id) const {
    const auto found = plan_->names.node_index.find(id);
    return found == plan_->names.node_index.end() ? kNoNode : found->second;
  }

  void add_edges() {
    if (workflow_.start_node && index_of(*workflow_.start_node) != kNoNode) {
      plan_->start = index_of(*workflow_.start_node);
    }
    if (!workflow_.edges) {
      for (NodeIndex i = plan_->start; i + 1 < plan_->nodes.size(); ++i) {
        plan_->nodes[i].next = i + 1;
        graph_.add_edge(i, i + 1);
      }
      return;
    }
    for (std::size_t i = 0; i < workflow_.edges->size(); ++i) {
      const ir::Edge& edge = (*workflow_.edges)[i];
      const NodeIndex from = index_of(edge.from);
      const NodeIndex to = index_of(edge.to);
      if (from == kNoNode || to == kNoNode) continue;
      PlanNode& node = plan_->nodes[from];
      if (node.type != nullptr && !node.type->has_action(edge.action)) unknown_action(node, edge, i);
      node.edges.push_back({edge.action, to});
      graph_.add_edge(from, to);
    }
  }

  void unknown_action(const PlanNode& from, const ir::Edge& edge, std::size_t position) {
    std::vector<std::string_view> known{kDefaultAction, kErrorAction};
    for (const std::string& a : from.type->actions) {
      if (a != kDefaultAction && a != kErrorAction) known.emplace_back(a);
    }
    Error e;
    e.code = Code::kInvalidValue;
    e.message =
        fmt::format("node \"{}\" (type {}) never ends with the action \"{}\"", from.id, from.type->name, edge.action);
    e.where = place(fmt::format("/edges/{}/action", position));
    e.hint = did_you_mean(edge.action, known, "Actions");
    e.node_id = from.id;
    errors_.add(std::move(e));
  }

  void add_outputs() {
    for (const ir::Output& output : workflow_.outputs) {
      if (output.source.empty() && workflow_.incomplete) continue;  // told when the document was read
      const std::string where = place(pointer_to("/outputs", output.name) + "/source");
      std::string_view text = output.source;
      if (text.starts_with("${") && text.ends_with("}")) {
        text = text.substr(2, text.size() - 3);
      } else if (text.starts_with("$")) {
        text.remove_prefix(1);
      }
      std::optional<Path> path = parse_path(text);
      if (!path) {
        Error e;
        e.code = Code::kInvalidValue;
        e.message = fmt::format("\"{}\" is no source of an output", output.source);
        e.where = where;
        e.hint = "Write ${node.output}, with as many .key and [0] as needed.";
        errors_.add(std::move(e));
        continue;
      }
      plan_->outputs.push_back({output.name, std::move(*path), where});
    }
  }

  void warn_of_unreachable(const std::vector<bool>& reachable) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < reachable.size(); ++i) {
      if (!reachable[i]) names.push_back(plan_->nodes[i].id);
    }
    if (names.empty()) return;
    Error e;
    e.code = Code::kUnreachableNode;
    const std::string count = names.size() == 1 ? "1 node" : fmt::format("{} nodes", names.size());
    e.message = fmt::format("{} can never run: {}", count, listing(names));
    e.where = place(workflow_.edges ? "/edges" : "/nodes");
    e.hint = fmt::format("No edges lead there from \"{}\", where the run starts.", plan_->nodes[plan_->start].id);
    warnings_.add(std::move(e));
  }

  void warn_of_shell_text(const PlanNode& node) {
    for (const ParamSet::Param& p : node.params.params()) {
      if (p.spec == nullptr || !p.spec->shell_text || p.value.is_constant()) continue;
      Error e;
      e.code = Code::kUnsafeTemplate;
      e.message = fmt::format("a template in \"{}\" becomes part of the shell's text", p.spec->name);
      e.where = pointer_to(node.params_place, p.spec->name);
      e.hint = "A quote or ; in the value changes the command. Pass it through \"env\" or \"stdin\" instead.";
      e.node_id = node.id;
      warnings_.add(std::move(e));
    }
  }

  void check_params(const ParamSet& params, NodeIndex user, const std::string& params_place,
                    ReferenceCheck::Names names, ReferenceCheck& check) {
    if (params.is_constant()) return;
    for (const ParamSet::Param& p : params.params()) {
      if (p.value.is_constant()) continue;
      p.value.for_each_use(pointer_to("", p.name.text()), [&](const TemplateUse& use) {
        if (reads_metering(*use.path)) plan_->reads_metering = true;
        check.check(*use.path, user, params_place + use.pointer, names);
      });
    }
  }

  void check_references(const std::vector<bool>& reachable) {
    ReferenceCheck check(workflow_, *plan_, graph_, reachable);
    for (NodeIndex i = 0; i < plan_->nodes.size(); ++i) {
      const PlanNode& node = plan_->nodes[i];
      check_params(node.params, i, node.params_place, ReferenceCheck::Names::kOfCall, check);
      if (node.batch) check_params(node.batch->items, i, node.batch->place, ReferenceCheck::Names::kOfNode, check);
    }
    const bool permissive = plan_->on_missing == OnMissing::kKeepText;
    for (Error& e : check.finish())
      (permissive ? warnings_ : errors_).add(std::move(e));
    ReferenceCheck outputs(workflow_, *plan_, graph_, reachable);
    for (const PlanOutput& o : plan_->outputs) {
      if (reads_metering(o.path)) plan_->reads_metering = true;
      outputs.check(o.path, kNoNode, o.place);
    }
    for (Error& e : outputs.finish())
      (permissive ? warnings_ : errors_).add(std::move(e));
  }

  const ir::Workflow& workflow_;
  NodeFactory& factory_;
  Nesting& nesting_;
  ProblemList errors_;
  ProblemList warnings_;
  Graph graph_;
  std::unique_ptr<Plan> plan_;
  bool broken_ = false;  // a nested workflow cannot be planned
  std::unordered_map<std::string_view, const NodeType*> types_;
  Problems told_elsewhere_;
  std::unordered_map<std::string_view, const ir::Mapping*> mappings_;  // by node; none with namespacing on
};

}  // namespace

std::unique_ptr<Plan> build_plan(const ir::Workflow& workflow, std::vector<std::string> input_names,
                                 NodeFactory& factory, Nesting& nesting, Problems& errors, Problems& warnings) {
  return PlanBuilder(workflow, factory, nesting, errors, warnings).build(std::move(input_names));
}

}  // namespace pflow
