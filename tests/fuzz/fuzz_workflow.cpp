#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ir/inputs.hpp"
#include "core/ir/parse.hpp"

// A document from anywhere either becomes a workflow or comes with problems that all have words and a place. What a
// line feed separates from it is then given to the first input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pflow;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::size_t end = text.rfind('\n');
  const std::string_view document = text.substr(0, end);
  const std::string_view word = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);

  Problems problems;
  const std::optional<ir::Workflow> workflow = ir::parse_workflow(document, "fuzz.json", problems);
  const bool whole = workflow.has_value() && !workflow->incomplete;
  if (whole != problems.empty()) std::abort();
  for (const Error& e : problems) {
    if (e.message.empty() || !e.where.starts_with("fuzz.json")) std::abort();
  }
  if (!whole) return 0;

  TextBuilder content(word.size());
  content.append(word);
  const std::string name = workflow->inputs.empty() ? "undeclared" : workflow->inputs.front().name;
  const std::vector<ir::GivenInput> given{
      {.name = name, .value = content.finish(), .is_text = true, .origin = "the command line"}};
  const std::vector<ir::BoundInput> bound = ir::bind_inputs(*workflow, given, problems);
  if (problems.empty() && bound.size() < workflow->inputs.size()) std::abort();
  return 0;
}
