#include "core/ir/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/json_read.hpp"
#include "core/ir/decode_graph.hpp"
#include "core/ir/decode_node.hpp"
#include "core/ir/decode_ports.hpp"
#include "core/ir/decoder.hpp"
#include "core/ir/keys.hpp"
#include "core/ir/wording.hpp"

namespace pflow::ir {
namespace {

constexpr std::string_view kExample =
    "The smallest workflow is {\"nodes\": [{\"id\": \"hello\", \"type\": \"echo\"}]}.";

// The digits in front of the first point, or nothing when the text is not "N.N.N".
std::optional<std::string_view> major_version(std::string_view version) {
  const auto is_part = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const std::size_t first = version.find('.');
  const std::size_t second = first == std::string_view::npos ? first : version.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view major = version.substr(0, first);
  const std::string_view minor = version.substr(first + 1, second - first - 1);
  if (!is_part(major) || !is_part(minor) || !is_part(version.substr(second + 1))) return std::nullopt;
  return major;
}

std::string decode_ir_version(const ObjectReader& in) {
  const Field field = in.field(keys::kIrVersion);
  const std::string_view version = in.text(field).value_or("0.1.0");
  const std::optional<std::string_view> major = major_version(version);
  if (!major) {
    in.report(Code::kInvalidValue, field, fmt::format("{} is not a version", quoted(version)),
              "A version is three numbers, like \"0.1.0\".");
  } else if (major->find_first_not_of('0') != std::string_view::npos) {
    in.report(Code::kUnsupported, field,
              fmt::format("this program does not read documents of ir_version {}", quoted(version)),
              "It reads versions 0.x.y.");
  }
  return std::string(version);
}

std::vector<Node> decode_nodes(const ObjectReader& in, const Place& root, NodeNames& names, ProblemReport& report) {
  std::vector<Node> nodes;
  const Field field = in.required(in.field(keys::kNodes), "A workflow needs at least one node.");
  const Value* array = in.array(field);
  if (array == nullptr) {
    names.give_up();
    return nodes;
  }
  if (array->items().empty()) {
    in.report(Code::kInvalidValue, field, fmt::format("\"{}\" is empty", field.key),
              "A workflow needs at least one node.");
    names.give_up();
    return nodes;
  }
  if (array->items().size() > kMaxNodes) {
    in.report(Code::kTooLarge, field,
              fmt::format("the workflow has {} nodes; the limit is {}", array->items().size(), kMaxNodes));
    names.give_up();
    return nodes;
  }
  const Place place(root, field.key);
  nodes.reserve(array->items().size());
  for (std::size_t i = 0; i < array->items().size(); ++i) {
    const Value& value = array->items()[i];
    Place here(place, i);
    nodes.push_back(decode_node(value, here, report));
    if (const Value* id = value.find(keys::kId); id != nullptr && id->is_string()) {
      names.add(id->text(), i, here, report);
    }
  }
  return nodes;
}

Limits decode_limits(const Value& value, const Place& place, ProblemReport& report) {
  const ObjectReader in(report, value, place, keys::kLimitsKeys, "\"limits\"");
  Limits limits;
  const Field cost = in.field(keys::kMaxCostUsd);
  limits.max_cost_usd = in.number(cost);
  if (limits.max_cost_usd && *limits.max_cost_usd <= 0) {
    in.report(Code::kInvalidValue, cost,
              fmt::format("\"{}\" must be greater than 0, not {}", cost.key, *limits.max_cost_usd));
  }
  limits.max_duration_ms = in.integer(in.field(keys::kMaxDurationMs), {1, kMaxTimeMs});
  return limits;
}

Workflow decode_workflow(const Value& document, std::string_view source_name, ProblemReport& report) {
  const Place root;
  Workflow w;
  if (!document.is_object()) {
    report.add(Code::kWrongType, root,
               fmt::format("a workflow document must be a JSON object, not {}", phrase(document.type())),
               std::string(kExample));
    return w;
  }
  const ObjectReader in(report, document, root, keys::kRootKeys, "a workflow document");
  w.source_name = source_name;
  w.ir_version = decode_ir_version(in);
  w.name = in.text(in.field(keys::kName)).value_or("");
  w.description = in.text(in.field(keys::kDescription)).value_or("");
  NodeNames names;
  w.nodes = decode_nodes(in, root, names, report);
  if (const Value* edges = in.array(in.field(keys::kEdges))) {
    w.edges = decode_edges(*edges, Place(root, keys::kEdges), names, report);
  }
  if (const std::optional<std::string_view> start = in.text(in.field(keys::kStartNode))) {
    w.start_node = *start;
    names.check(*start, Place(root, keys::kStartNode), report);
  }
  if (const Value* inputs = in.object(in.field(keys::kInputs))) {
    w.inputs = decode_inputs(*inputs, Place(root, keys::kInputs), names, report);
  }
  if (const Value* outputs = in.object(in.field(keys::kOutputs))) {
    w.outputs = decode_outputs(*outputs, Place(root, keys::kOutputs), report);
  }
  w.namespaced = in.boolean(in.field(keys::kEnableNamespacing)).value_or(w.namespaced);
  if (const auto mode = in.word(in.field(keys::kTemplateResolutionMode), keys::kTemplateModeWords, "Known modes")) {
    w.template_mode = *mode == keys::kStrict ? TemplateMode::kStrict : TemplateMode::kPermissive;
  }
  if (const Field limits = in.field(keys::kLimits); limits.value != nullptr) {
    w.limits = decode_limits(*limits.value, Place(root, keys::kLimits), report);
  }
  if (const Value* mappings = in.object(in.field(keys::kMappings))) {
    w.mappings = decode_mappings(*mappings, Place(root, keys::kMappings), names, report);
  }
  if (const Value* metadata = in.object(in.field(keys::kMetadata))) w.metadata = *metadata;
  return w;
}

}  // namespace

std::optional<Workflow> parse_workflow(std::string_view text, std::string_view source_name, Problems& problems) {
  if (text.size() > kMaxDocumentBytes) {
    problems.push_back(
        {.code = Code::kTooLarge,
         .message = fmt::format("the document has {} bytes; the limit is {} (16 MiB)", text.size(), kMaxDocumentBytes),
         .where = std::string(source_name),
         .hint = "Keep large data in files or inputs."});
    return std::nullopt;
  }
  Result<Value> document = read_json(text, source_name, {.max_depth = kMaxDocumentDepth});
  if (!document) {
    problems.push_back(std::move(document).error());
    return std::nullopt;
  }
  return parse_workflow(*document, source_name, problems);
}

std::optional<Workflow> parse_workflow(const Value& document, std::string_view source_name, Problems& problems) {
  ProblemReport report(source_name, problems);
  Workflow workflow = decode_workflow(document, source_name, report);
  workflow.incomplete = !report.empty();
  if (workflow.nodes.empty()) return std::nullopt;
  return workflow;
}

std::string document_place(std::string_view source_name, std::string_view pointer) {
  if (pointer.empty()) return std::string(source_name);
  const bool within = source_name.find(": /") != std::string_view::npos;
  return fmt::format("{}{}{}", source_name, within ? "" : ": ", pointer);
}

}  // namespace pflow::ir
