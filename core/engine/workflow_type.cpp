#include "core/engine/workflow_type.hpp"

#include <utility>
#include <vector>

#include "core/base/object_builder.hpp"

namespace pflow {
namespace {

ParamSpec spec_of(std::string_view name, ir::DataType type, std::string_view description) {
  ParamSpec spec;
  spec.name = name;
  spec.description = description;
  spec.types = {type};
  return spec;
}

// The same as a plugin's descriptor says it.
Value descriptor_of(const NodeType& type) {
  ObjectBuilder properties;
  for (const ParamSpec& p : type.params) {
    ObjectBuilder m;
    m.add("type", ir::data_type_name(p.types.front()));
    m.add("description", p.description);
    if (p.default_value) m.add("default", *p.default_value);
    std::vector<Value> allowed = p.allowed;
    if (!allowed.empty()) m.add("enum", Value::array(allowed));
    if (p.minimum) m.add("minimum", Value::integer(static_cast<std::int64_t>(*p.minimum)));
    if (p.maximum) m.add("maximum", Value::integer(static_cast<std::int64_t>(*p.maximum)));
    properties.add(p.name, m.finish());
  }
  ObjectBuilder params;
  params.add("type", "object");
  params.add("properties", properties.finish());
  params.add("additionalProperties", Value::boolean(false));
  ObjectBuilder m;
  m.add("name", type.name);
  m.add("description", type.description);
  m.add("params", params.finish());
  std::vector<Value> outputs;  // the workflow's own: not known here
  m.add("outputs", Value::array(outputs));
  return m.finish();
}

}  // namespace

const NodeType& workflow_node_type() {
  static const NodeType type = [] {
    using ir::DataType;
    NodeType t;
    t.name = kWorkflowType;
    t.description = "Runs another workflow, with a store of its own.";
    t.closed_params = true;
    t.open_outputs = true;
    t.concurrent = true;
    t.nonblocking = true;
    t.params.push_back(spec_of(kWorkflowRef, DataType::kString,
                               "Path of the workflow's file, relative to the document that names it"));
    t.params.push_back(spec_of(kWorkflowName, DataType::kString, "Name of a saved workflow"));
    t.params.push_back(spec_of(kWorkflowIr, DataType::kObject, "The workflow itself"));
    t.params.push_back(
        spec_of(kParamMapping, DataType::kObject, "Input of that workflow -> its value, or a template for it"));
    t.params.push_back(
        spec_of(kOutputMapping, DataType::kObject, "Output of that workflow -> what this node calls it"));
    ParamSpec& mode = t.params.emplace_back(
        spec_of("storage_mode", DataType::kString, "For documents of pflow: the store is its own in any case"));
    mode.allowed = {Value::string("mapped"), Value::string("isolated")};
    ParamSpec& depth = t.params.emplace_back(
        spec_of(kMaxDepth, DataType::kInteger, "How many workflows may be nested in each other, this one included"));
    depth.default_value = Value::integer(kDefaultMaxDepth);
    depth.minimum = 1;
    depth.maximum = static_cast<double>(kMostMaxDepth);
    t.descriptor = descriptor_of(t);
    return t;
  }();
  return type;
}

}  // namespace pflow
