#include "core/ir/decode_graph.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

#include "core/base/name.hpp"
#include "core/ir/keys.hpp"
#include "core/ir/wording.hpp"

namespace pflow::ir {
namespace {

// What decides where a run goes: a node and the action it ended with.
struct Departure {
  std::string_view from;
  std::string_view action;

  friend bool operator==(const Departure&, const Departure&) = default;
};

struct DepartureHash {
  std::size_t operator()(const Departure& d) const noexcept {
    const std::hash<std::string_view> hash;
    return hash(d.from) * 31 + hash(d.action);
  }
};

std::string decode_end(const ObjectReader& in, Field field, const Place& edge, NodeNames& nodes,
                       ProblemReport& report) {
  const std::optional<std::string_view> id = in.text(in.required(field, "An edge needs \"from\" and \"to\"."));
  if (!id) return {};
  nodes.check(*id, Place(edge, field.key), report);
  return std::string(*id);
}

void check_departures(const std::vector<Edge>& edges, const Place& place, ProblemReport& report) {
  std::unordered_map<Departure, std::size_t, DepartureHash> first_by_departure;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Edge& edge = edges[i];
    if (edge.from.empty() || edge.to.empty()) continue;
    const auto [at, is_new] = first_by_departure.try_emplace({edge.from, edge.action}, i);
    const Edge& first = edges[at->second];
    if (is_new || first.to == edge.to) continue;
    Place here(place, i);
    here.belongs_to(edge.from);
    report.add(Code::kInvalidValue, here,
               fmt::format("two edges leave {} with the action {}: to {} and to {}", quoted(edge.from),
                           quoted(edge.action), quoted(first.to), quoted(edge.to)),
               fmt::format("The other one is {}. Give each an action of its own.", Place(place, at->second).pointer()));
    if (report.full()) return;
  }
}

std::vector<std::pair<std::string, std::string>> decode_renames(const ObjectReader& in, std::string_view key,
                                                                const Place& mapping, ProblemReport& report) {
  std::vector<std::pair<std::string, std::string>> renames;
  const Value* object = in.object(in.field(key));
  if (object == nullptr) return renames;
  const Place place(mapping, key);
  for (const Member& m : object->members()) {
    if (report.full()) break;
    if (m.value.is_string()) {
      renames.emplace_back(m.name(), m.value.text());
    } else {
      report.add(Code::kWrongType, Place(place, m.name()),
                 fmt::format("{} must be a string, not {}", quoted(m.name()), phrase(m.value.type())));
    }
  }
  return renames;
}

}  // namespace

void NodeNames::add(std::string_view id, std::size_t index, const Place& node, ProblemReport& report) {
  const auto [at, is_new] = index_by_id_.try_emplace(id, index);
  if (is_new) {
    if (is_name(id)) suggestions_.add(id);
    return;
  }
  report.add(Code::kDuplicateId, Place(node, keys::kId), fmt::format("two nodes have the id {}", quoted(id)),
             fmt::format("The other one is /{}/{}. Give each an id of its own.", keys::kNodes, at->second));
}

const std::size_t* NodeNames::find(std::string_view id) const noexcept {
  const auto at = index_by_id_.find(id);
  return at == index_by_id_.end() ? nullptr : &at->second;
}

bool NodeNames::check(std::string_view id, const Place& place, ProblemReport& report) {
  if (!complete_ || find(id) != nullptr) return true;
  report.add(Code::kUnknownNode, place, fmt::format("no node has the id {}", quoted(id)),
             suggestions_.did_you_mean(id, "Nodes"));
  return false;
}

std::vector<Edge> decode_edges(const Value& array, const Place& place, NodeNames& nodes, ProblemReport& report) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < array.items().size() && !report.full(); ++i) {
    const Place here(place, i);
    const ObjectReader in(report, array.items()[i], here, keys::kEdgeKeys, "an edge");
    Edge edge;
    edge.from = decode_end(in, in.field(keys::kFrom, keys::kSource), here, nodes, report);
    edge.to = decode_end(in, in.field(keys::kTo, keys::kTarget), here, nodes, report);
    edge.action = in.non_empty_text(in.field(keys::kAction)).value_or(edge.action);
    edges.push_back(std::move(edge));
  }
  check_departures(edges, place, report);
  return edges;
}

std::vector<Mapping> decode_mappings(const Value& object, const Place& place, NodeNames& nodes, ProblemReport& report) {
  std::vector<Mapping> mappings;
  for (const Member& m : object.members()) {
    if (report.full()) break;
    Place here(place, m.name());
    if (nodes.check(m.name(), here, report)) here.belongs_to(m.name());
    const ObjectReader in(report, m.value, here, keys::kMappingKeys, "a mapping");
    Mapping mapping;
    mapping.node = m.name();
    mapping.inputs = decode_renames(in, keys::kInputMappings, here, report);
    mapping.outputs = decode_renames(in, keys::kOutputMappings, here, report);
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

}  // namespace pflow::ir
