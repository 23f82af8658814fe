#include "core/engine/nesting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/json_pointer.hpp"
#include "core/base/name.hpp"
#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/engine/outputs.hpp"
#include "core/engine/plan_builder.hpp"
#include "core/engine/workflow_type.hpp"
#include "core/ir/inputs.hpp"
#include "core/ir/parse.hpp"

namespace pflow {
namespace {

constexpr std::size_t kShownText = 80;  // of a document's text in a message

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, std::max<std::size_t>(slash, 1));
}

ParamSpec spec_of(const ir::Input& input, bool given) {
  ParamSpec spec;
  spec.name = input.name;
  spec.description = input.description;
  if (input.type) spec.types = {*input.type};
  spec.required = given && input.required && !input.default_value;
  spec.secret = input.secret;
  spec.default_value = input.default_value;
  return spec;
}

}  // namespace

void Nesting::Site::fail(Code code, std::string_view param, std::string message, std::string hint) {
  Error e;
  e.code = code;
  e.message = std::move(message);
  e.where = place + std::string(param);
  e.hint = std::move(hint);
  e.node_id = spec.id;
  errors.add(std::move(e));
}

Nesting::Nesting(const ir::Workflow& workflow, NodeFactory& factory, const PlanSurroundings& surroundings)
    : factory_(factory), source_(surroundings.workflows) {
  chain_.push_back(surroundings.place);
  if (chain_.back().name.empty()) chain_.back().name = workflow.source_name;
}

std::string Nesting::chain_text(std::string_view last) const {
  std::string text;
  for (const WorkflowPlace& place : chain_)
    text += place.name + " -> ";
  return text.append(last);
}

bool Nesting::check_depth(Site& site, const Value& max_depth) {
  const std::int64_t limit = max_depth.as_int();
  if (static_cast<std::int64_t>(chain_.size()) <= limit) return true;
  site.fail(Code::kTooDeep, "", fmt::format("workflows would be nested {} deep; the limit is {}", chain_.size(), limit),
            fmt::format("{}\nRaise \"{}\" of this node if that is meant; {} is the most.", chain_text("..."), kMaxDepth,
                        kMostMaxDepth));
  return false;
}

std::optional<Nesting::Found> Nesting::find_file(Site& site, std::string_view param) {
  const std::string pointer = pointer_to("", param);
  const Value& written = *site.spec.params.find(param);
  const ParamTemplate text = ParamTemplate::parse(written);
  if (!text.is_constant()) {
    site.fail(
        Code::kInvalidParameter, pointer,
        fmt::format("\"{}\" must be known before the run: it takes no template", param),
        "All workflows of a run are read and checked before it begins. Choose between nodes with an edge instead.");
    return std::nullopt;
  }
  if (source_ == nullptr) {
    site.fail(Code::kUnsupported, pointer, "no workflow can be read from elsewhere here",
              fmt::format("Write the workflow itself under \"{}\".", kWorkflowIr));
    return std::nullopt;
  }
  const std::string name(text.constant().text());
  const std::string& from = chain_.back().path;
  Result<WorkflowPlace> place = param == kWorkflowRef ? source_->by_ref(name, folder_of(from)) : source_->by_name(name);
  if (!place) {
    Error& e = place.error();
    site.fail(e.code, pointer, std::move(e.message), std::move(e.hint));
    return std::nullopt;
  }
  const bool circle =
      std::any_of(chain_.begin(), chain_.end(), [&](const WorkflowPlace& p) { return p.path == place->path; });
  if (circle) {
    site.fail(Code::kInvalidValue, pointer, fmt::format("the workflow would run itself: {}", chain_text(place->name)),
              "A workflow cannot be nested in itself; a loop of edges repeats nodes.");
    return std::nullopt;
  }
  Found found{nullptr, *place};
  const auto [at, is_new] = read_.try_emplace(place->path);
  if (is_new) {
    Problems problems;
    std::optional<ir::Workflow> workflow = source_->read(*place, problems);
    if (workflow) at->second = std::make_shared<const ir::Workflow>(std::move(*workflow));
    forward(std::move(problems), site, place->name, site.errors);
  }
  found.workflow = at->second;
  return found;
}

std::optional<Nesting::Found> Nesting::find(Site& site) {
  constexpr std::array kWays = {kWorkflowRef, kWorkflowName, kWorkflowIr};
  std::vector<std::string_view> written;
  for (const std::string_view way : kWays) {
    if (site.spec.params.find(way) != nullptr) written.push_back(way);
  }
  if (written.size() != 1) {
    const std::string ways = fmt::format("{}, {} or {}", kWorkflowRef, kWorkflowName, kWorkflowIr);
    site.fail(written.empty() ? Code::kMissingParameter : Code::kInvalidParameter, "",
              written.empty() ? fmt::format("a node of type \"{}\" needs one of {}", kWorkflowType, ways)
                              : fmt::format("a node of type \"{}\" takes one of {}, not several: {}", kWorkflowType,
                                            ways, listing(written)),
              "");
    return std::nullopt;
  }
  if (written.front() != kWorkflowIr) return find_file(site, written.front());
  Found found{nullptr, {"", site.place + pointer_to("", kWorkflowIr)}};
  Problems problems;
  std::optional<ir::Workflow> workflow =
      ir::parse_workflow(*site.spec.params.find(kWorkflowIr), found.place.name, problems);
  if (workflow) found.workflow = std::make_shared<const ir::Workflow>(std::move(*workflow));
  forward(std::move(problems), site, "", site.errors);
  return found;
}

// A nested document's problems, with the way to it. One that several nodes lead to is told once: of several that are
// on their way up, the first to arrive at each level goes on.
void Nesting::forward(Problems problems, const Site& site, std::string_view document, ProblemList& to) {
  for (Error& e : problems) {
    const std::size_t level = chain_.size();
    const auto [at, is_new] = told_.try_emplace(fmt::format("{}\n{}\n{}", e.code_text(), e.where, e.message), level);
    if (!is_new && at->second <= level) continue;
    at->second = level;
    if (!document.empty()) {
      e.hint += fmt::format("{}{} is run by node \"{}\" ({}).", e.hint.empty() ? "" : "\n", document, site.spec.id,
                            site.node.place);
    }
    e.node_id = e.node_id.empty() ? site.spec.id : fmt::format("{}/{}", site.spec.id, e.node_id);
    to.add(std::move(e));
  }
}

std::vector<std::string> Nesting::check_inputs(Site& site, const ir::Workflow& child, PlanChild& made, Value& mapping) {
  const std::string pointer = pointer_to("", kParamMapping);
  const Value* written = site.spec.params.find(kParamMapping);
  std::vector<Member> known;
  std::vector<std::string> names;
  std::vector<std::string_view> declared;
  for (const ir::Input& input : child.inputs) {
    names.push_back(input.name);
    declared.push_back(input.name);
    const bool given = written != nullptr && written->find(input.name) != nullptr;
    made.type.params.push_back(spec_of(input, given));
    if (given || !input.required || input.default_value) continue;
    const std::string about = input.description.empty() ? "" : ": " + printable(input.description, kShownText);
    site.fail(Code::kMissingInput, written == nullptr ? "" : pointer,
              fmt::format("workflow {} needs the input \"{}\"{}", child.source_name, input.name, about),
              fmt::format("Give it in \"{}\".", kParamMapping));
  }
  if (written == nullptr || !written->is_object()) return names;
  if (child.inputs.empty()) {  // any will do, if a template can name it
    std::vector<ir::GivenInput> given;
    for (const Member& m : written->members()) {
      given.push_back({std::string(m.name()), Value(), false, site.place + pointer});
      names.emplace_back(m.name());
    }
    Problems problems;
    static_cast<void>(ir::bind_inputs(child, given, problems));
    for (Error& e : problems) {
      e.node_id = site.spec.id;
      site.errors.add(std::move(e));
    }
    mapping = *written;
    return names;
  }
  for (const Member& m : written->members()) {
    if (std::find(declared.begin(), declared.end(), m.name()) != declared.end()) {
      known.push_back(m);
      continue;
    }
    site.fail(Code::kUnknownInput, pointer_to(pointer, m.name()),
              fmt::format("workflow {} has no input \"{}\"", child.source_name, printable(m.name(), kShownText)),
              did_you_mean(m.name(), declared, "Inputs"));
  }
  mapping = Value::object(known);
  return names;
}

bool Nesting::add_outputs(Site& site, const ir::Workflow& child, PlanChild& made) {
  std::vector<std::string_view> names;
  if (!child.outputs.empty()) {
    for (const ir::Output& o : child.outputs)
      names.push_back(o.name);
  } else if (made.plan != nullptr) {
    names = possible_result_names(*made.plan);
  }
  made.type.open_outputs = names.empty();
  const std::string pointer = pointer_to("", kOutputMapping);
  const Value* written = site.spec.params.find(kOutputMapping);
  bool good = true;
  const auto fail = [&](std::string_view output, std::string message, std::string hint) {
    site.fail(Code::kInvalidValue, pointer_to(pointer, output), std::move(message), std::move(hint));
    good = false;
  };
  if (written != nullptr && written->is_object()) {
    for (const Member& m : written->members()) {
      if (!names.empty() && std::find(names.begin(), names.end(), m.name()) == names.end()) {
        site.fail(Code::kUnknownOutput, pointer_to(pointer, m.name()),
                  fmt::format("workflow {} has no output \"{}\"", child.source_name, printable(m.name(), kShownText)),
                  did_you_mean(m.name(), names, "Outputs"));
        good = false;
      } else if (!m.value.is_string() || !is_name(m.value.text()) || m.value.text() == kErrorAction) {
        fail(m.name(),
             fmt::format("output \"{}\" needs a name that a template can say", printable(m.name(), kShownText)),
             "Letters, digits, \"_\" and \"-\"; \"error\" is taken.");
      } else {
        made.output_names.emplace_back(m.name(), m.value.text());
      }
    }
  }
  std::vector<std::string> here;
  for (const std::string_view name : names) {
    const auto renamed = std::find_if(made.output_names.begin(), made.output_names.end(),
                                      [&](const auto& n) { return n.first == name; });
    OutputSpec spec;
    spec.name = renamed == made.output_names.end() ? std::string(name) : renamed->second;
    const auto declared =
        std::find_if(child.outputs.begin(), child.outputs.end(), [&](const ir::Output& o) { return o.name == name; });
    const bool typed = declared != child.outputs.end() && declared->type;
    spec.type = typed ? ir::data_type_name(*declared->type) : std::string_view("any");
    if (declared != child.outputs.end()) spec.description = declared->description;
    spec.primary = made.type.outputs.empty();
    if (std::find(here.begin(), here.end(), spec.name) != here.end()) {
      fail(name, fmt::format("two outputs would be called \"{}\" here", spec.name), "");
    }
    here.push_back(spec.name);
    made.type.outputs.push_back(std::move(spec));
  }
  return good;
}

bool Nesting::plan_child(Site& site, const Found& found) {
  const ir::Workflow& child = *found.workflow;
  auto made = std::make_unique<PlanChild>();
  made->type.name = kWorkflowType;
  made->type.description = workflow_node_type().description;
  made->type.concurrent = made->type.nonblocking = true;
  Value mapping;
  std::vector<std::string> names = check_inputs(site, child, *made, mapping);
  Problems errors;
  Problems warnings;
  chain_.push_back(found.place);
  factory_.enter_workflow(child, mapping);
  made->plan = build_plan(child, std::move(names), factory_, *this, errors, warnings);
  factory_.leave_workflow();
  chain_.pop_back();
  if (made->plan) made->plan->workflow_dir = folder_of(found.place.path);
  const std::string_view document = found.place.path.empty() ? std::string_view() : found.place.name;
  forward(std::move(errors), site, document, site.errors);
  forward(std::move(warnings), site, document, site.warnings);
  const bool named = add_outputs(site, child, *made);

  Problems of_params;
  Problems odd;
  PlanNode& node = site.node;
  if (site.spec.params.find(kParamMapping) != nullptr) node.params_place += pointer_to("", kParamMapping);
  node.params = ParamSet::compile(mapping, made->type, node.params_place, of_params, odd);
  for (Error& e : of_params) {
    e.node_id = site.spec.id;
    site.errors.add(std::move(e));
  }
  node.type = &made->type;
  const bool good = named && made->plan != nullptr;
  node.child = std::move(made);
  return good;
}

bool Nesting::add_child(const ir::Node& spec, PlanNode& node, ProblemList& errors, ProblemList& warnings) {
  if (too_many()) return false;
  Site site{spec, node, errors, warnings, node.params_place};
  Problems wrong;
  Problems odd;
  const ParamSet params = ParamSet::compile(spec.params, workflow_node_type(), site.place, wrong, odd);
  for (const ParamSet::Param& p : params.params()) {
    if (p.name.text() != kMaxDepth || p.value.is_constant()) continue;
    site.fail(Code::kInvalidParameter, pointer_to("", kMaxDepth), fmt::format("\"{}\" takes no template", kMaxDepth),
              "");
    return false;
  }
  for (Error& e : wrong) {
    e.node_id = spec.id;
    errors.add(std::move(e));
  }
  if (!wrong.empty()) return false;
  for (const ParamSet::Param& p : params.params()) {
    if (p.name.text() == kMaxDepth && !check_depth(site, p.value.constant())) return false;
  }
  const std::optional<Found> found = find(site);
  return found && found->workflow != nullptr && plan_child(site, *found);
}

}  // namespace pflow
