#include "core/ir/decode_ports.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/ir/keys.hpp"
#include "core/ir/wording.hpp"

namespace pflow::ir {
namespace {

void check_input_name(std::string_view name, const Place& inputs, const NodeNames& nodes, ProblemReport& report) {
  Place place(inputs, name);
  if (!check_name(report, place, name, "input name")) return;
  const std::size_t* node = nodes.find(name);
  if (node == nullptr) return;
  place.belongs_to(name);
  report.add(Code::kNameClash, place, fmt::format("the input {} is named like a node", quoted(name)),
             fmt::format("The node is /{}/{}. Rename one of the two: a template \"${{{}}}\" could mean either.",
                         keys::kNodes, *node, name));
}

// A null default means the same as "required": false alone.
std::optional<Value> decode_default(const ObjectReader& in, std::optional<DataType> type) {
  const Field field = in.field(keys::kDefault);
  if (field.value == nullptr) return std::nullopt;
  if (type && !field.value->is_null() && !has_type(*field.value, *type)) {
    in.report_wrong_type(field, phrase(*type));
  }
  return *field.value;
}

Input decode_input(std::string_view name, const Value& value, const Place& place, ProblemReport& report) {
  const ObjectReader in(report, value, place, keys::kInputKeys, "an input");
  Input input;
  input.name = name;
  input.description = in.text(in.field(keys::kDescription)).value_or("");
  input.type = in.data_type(in.field(keys::kType));
  input.default_value = decode_default(in, input.type);
  const bool required = in.boolean(in.field(keys::kRequired)).value_or(true);
  input.required = required && !input.default_value;
  input.from_stdin = in.boolean(in.field(keys::kStdin)).value_or(false);
  input.secret = in.boolean(in.field(keys::kSecret)).value_or(false);
  return input;
}

}  // namespace

std::vector<Input> decode_inputs(const Value& object, const Place& place, const NodeNames& nodes,
                                 ProblemReport& report) {
  std::vector<Input> inputs;
  std::optional<std::string_view> from_stdin;
  for (const Member& m : object.members()) {
    if (report.full()) break;
    check_input_name(m.name(), place, nodes, report);
    const Place here(place, m.name());
    inputs.push_back(decode_input(m.name(), m.value, here, report));
    if (!inputs.back().from_stdin) continue;
    if (from_stdin) {
      report.add(Code::kInvalidValue, Place(here, keys::kStdin),
                 fmt::format("{} cannot be read from stdin too: {} is", quoted(m.name()), quoted(*from_stdin)),
                 "One input at most has \"stdin\": true.");
    } else {
      from_stdin = m.name();
    }
  }
  return inputs;
}

std::vector<Output> decode_outputs(const Value& object, const Place& place, ProblemReport& report) {
  std::vector<Output> outputs;
  for (const Member& m : object.members()) {
    if (report.full()) break;
    const Place here(place, m.name());
    const ObjectReader in(report, m.value, here, keys::kOutputKeys, "an output");
    Output output;
    output.name = m.name();
    output.description = in.text(in.field(keys::kDescription)).value_or("");
    output.type = in.data_type(in.field(keys::kType));
    constexpr std::string_view kNeeds = "An output needs a \"source\", like \"${node.output}\".";
    output.source = in.text(in.required(in.field(keys::kSource), kNeeds)).value_or("");
    outputs.push_back(std::move(output));
  }
  return outputs;
}

}  // namespace pflow::ir
