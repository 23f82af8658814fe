#include "core/ir/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/base/json_pointer.hpp"
#include "core/base/name.hpp"
#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/ir/input_text.hpp"
#include "core/ir/parse.hpp"
#include "core/ir/wording.hpp"

namespace pflow::ir {
namespace {

using GivenByName = std::unordered_map<std::string_view, const GivenInput*>;

GivenByName first_of_each_name(const std::vector<GivenInput>& given) {
  GivenByName first;
  for (const GivenInput& g : given)
    first.try_emplace(g.name, &g);
  return first;
}

std::string place_of_given(const GivenInput& given) {
  if (given.is_text) return given.origin;
  std::string pointer;
  append_pointer_step(given.name, pointer);
  return document_place(given.origin, pointer);
}

// A description within a message: one line, no final stop.
std::string in_a_sentence(std::string_view description) {
  constexpr std::size_t kShownBytes = 200;
  std::string out = printable(description, kShownBytes);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  const std::size_t end = out.find_last_not_of(" .");
  out.erase(end == std::string::npos ? 0 : end + 1);
  return out;
}

Error missing_input(const Workflow& workflow, const Input& input) {
  const std::string type = input.type ? fmt::format(" ({})", data_type_name(*input.type)) : "";
  const std::string about = in_a_sentence(input.description);
  const std::string variable = environment_name(input.name);
  // What is typed on a command line is in the shell's history and in the list of processes.
  const std::string word = input.secret ? fmt::format("{}=@FILE", input.name) : fmt::format("{}=VALUE", input.name);
  const std::string_view stdin_too = input.from_stdin ? ", or pipe it to stdin" : "";
  std::string pointer = "/inputs";
  append_pointer_step(input.name, pointer);
  return {.code = Code::kMissingInput,
          .message = fmt::format("missing input \"{}\"{}{}{}", input.name, type, about.empty() ? "" : ": ", about),
          .where = document_place(workflow.source_name, pointer),
          .hint = fmt::format("Give {}, or set {}{}.", word, variable, stdin_too)};
}

// Null is what an optional input without a default is anyway.
bool null_means_not_given(const Input& input) {
  return !input.required && (!input.default_value || input.default_value->is_null());
}

Value fit(const Input& input, const GivenInput& given, Problems& problems) {
  if (!input.type) return given.value;
  TypedText typed;
  if (given.is_text) {
    typed = type_text(given.value, *input.type, input.secret);
  } else if (has_type(given.value, *input.type) || (given.value.is_null() && null_means_not_given(input))) {
    typed.value = given.value;
  } else {
    typed.problem = fmt::format("must be {}, not {}", phrase(*input.type), phrase(given.value.type()));
  }
  if (typed.value) return *std::move(typed.value);
  problems.push_back({.code = Code::kInvalidInput,
                      .message = fmt::format("the input \"{}\" {}", input.name, typed.problem),
                      .where = place_of_given(given),
                      .hint = std::move(typed.hint)});
  return {};
}

std::vector<BoundInput> bind_declared(const Workflow& workflow, const GivenByName& given, Problems& problems) {
  std::vector<BoundInput> bound;
  bound.reserve(workflow.inputs.size());
  for (const Input& input : workflow.inputs) {
    BoundInput b{.name = input.name, .value = {}, .secret = input.secret};
    if (const auto at = given.find(input.name); at != given.end()) {
      b.value = fit(input, *at->second, problems);
    } else if (input.default_value) {
      b.value = *input.default_value;
    } else if (input.required) {
      problems.push_back(missing_input(workflow, input));
    }
    bound.push_back(std::move(b));
  }
  return bound;
}

void report_unknown(const Workflow& workflow, const std::vector<GivenInput>& given, const GivenByName& first,
                    Problems& problems) {
  std::vector<std::string_view> declared;
  declared.reserve(workflow.inputs.size());
  for (const Input& input : workflow.inputs)
    declared.push_back(input.name);
  const std::unordered_set<std::string_view> known(declared.begin(), declared.end());
  for (const GivenInput& g : given) {
    if (first.at(g.name) != &g || known.contains(g.name)) continue;
    problems.push_back({.code = Code::kUnknownInput,
                        .message = fmt::format("the workflow declares no input {}", quoted(g.name)),
                        .where = place_of_given(g),
                        .hint = did_you_mean(g.name, declared, "Declared inputs")});
  }
}

// A name that nobody declared is checked as parse_workflow checks the declared ones.
void check_undeclared(const Workflow& workflow, const GivenInput& given, Problems& problems) {
  Error e{.code = Code::kInvalidInput, .where = place_of_given(given)};
  if (!is_name(given.name)) {
    e.message = fmt::format("the input name {} cannot be used in a template", quoted(given.name));
    e.hint = kNameRule;
  } else if (is_reserved_name(given.name)) {
    e.message = fmt::format("the input name {} is reserved", quoted(given.name));
    e.hint = kReservedRule;
  } else if (std::any_of(workflow.nodes.begin(), workflow.nodes.end(),
                         [&given](const Node& n) { return n.id == given.name; })) {
    e.code = Code::kNameClash;
    e.message = fmt::format("the input {} is named like a node", quoted(given.name));
    e.hint = fmt::format("Give it another name: a template \"${{{}}}\" could mean either.", given.name);
    e.node_id = given.name;
  } else {
    return;
  }
  problems.push_back(std::move(e));
}

}  // namespace

std::vector<BoundInput> bind_inputs(const Workflow& workflow, const std::vector<GivenInput>& given,
                                    Problems& problems) {
  const GivenByName first = first_of_each_name(given);
  if (!workflow.inputs.empty()) {
    std::vector<BoundInput> bound = bind_declared(workflow, first, problems);
    report_unknown(workflow, given, first, problems);
    return bound;
  }
  std::vector<BoundInput> bound;
  for (const GivenInput& g : given) {
    if (first.at(g.name) != &g) continue;
    check_undeclared(workflow, g, problems);
    bound.push_back({.name = g.name, .value = g.is_text ? type_by_look(g.value) : g.value, .secret = false});
  }
  return bound;
}

std::string environment_name(std::string_view input) {
  std::string name = "PFLOW_INPUT_";
  for (const char c : input) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    name += upper == '-' ? '_' : upper;
  }
  return name;
}

}  // namespace pflow::ir
