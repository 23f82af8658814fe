#include "host/cli/input_sources.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/json_read.hpp"
#include "core/base/utf8.hpp"
#include "host/cli/environment.hpp"
#include "host/cli/usage_error.hpp"
#include "host/files/file_content.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{1} * 1024 * 1024 * 1024;

Value text_value(std::string_view text) {
  return is_utf8(text) ? Value::string(text) : Value::bytes(text);
}

void add_word(const std::string& word, std::vector<ir::GivenInput>& given, std::vector<std::string>& unreadable,
              Problems& problems) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) {
    problems.push_back(usage_error(fmt::format("\"{}\" is no input", printable(word, 80)), "Write KEY=VALUE."));
    return;
  }
  ir::GivenInput input;
  input.name = word.substr(0, equals);
  input.origin = "the command line";
  const std::string_view value = std::string_view(word).substr(equals + 1);
  if (std::any_of(given.begin(), given.end(), [&](const ir::GivenInput& g) { return g.name == input.name; })) {
    problems.push_back(usage_error(fmt::format("input \"{}\" is given twice", printable(input.name, 80)), ""));
    return;
  }
  if (value.starts_with("@@")) {
    input.value = text_value(value.substr(1));
  } else if (value.starts_with("@")) {
    input.origin = value.substr(1);
    Result<std::string> content = read_file(input.origin, kMaxInputBytes);
    if (!content) {
      Error e = std::move(content).error();
      e.message = fmt::format("input \"{}\": {}", input.name, e.message);
      e.hint = fmt::format("For the text itself write {}=@{}.", input.name, value);
      problems.push_back(std::move(e));
      unreadable.push_back(input.name);
      return;
    }
    input.value = text_value(*content);
  } else {
    input.value = text_value(value);
  }
  given.push_back(std::move(input));
}

void add_file(const std::string& file, std::vector<ir::GivenInput>& given, Problems& problems) {
  Result<std::string> text = read_file(file, kMaxInputBytes);
  if (!text) {
    problems.push_back(std::move(text).error());
    return;
  }
  Result<Value> read = read_json(*text, file);
  if (!read) {
    problems.push_back(std::move(read).error());
    return;
  }
  if (!read->is_object()) {
    Error e;
    e.code = Code::kInvalidInput;
    e.message = "an inputs file must hold a JSON object, with a member for each input";
    e.where = file;
    problems.push_back(std::move(e));
    return;
  }
  for (const Member& m : read->members()) {
    const auto twice = std::find_if(given.begin(), given.end(),
                                    [&](const ir::GivenInput& g) { return !g.is_text && g.name == m.name(); });
    if (twice != given.end()) {
      problems.push_back(usage_error(
          fmt::format("input \"{}\" is given in {} and in {}", printable(m.name(), 80), twice->origin, file)));
      continue;
    }
    ir::GivenInput input;
    input.name = m.name();
    input.value = m.value;
    input.is_text = false;
    input.origin = file;
    given.push_back(std::move(input));
  }
}

bool is_given(const std::vector<ir::GivenInput>& given, std::string_view name) {
  return std::any_of(given.begin(), given.end(), [&](const ir::GivenInput& g) { return g.name == name; });
}

}  // namespace

std::vector<ir::GivenInput> gather_inputs(const ir::Workflow& workflow, const Options& options,
                                          const std::vector<std::string>& words, bool stdin_is_free,
                                          std::vector<std::string>& unreadable, Problems& problems) {
  std::vector<ir::GivenInput> given;
  for (const std::string& word : words)
    add_word(word, given, unreadable, problems);
  for (const std::string& word : options.inputs)
    add_word(word, given, unreadable, problems);
  const std::size_t problems_before = problems.size();
  for (const std::string& file : options.inputs_files)
    add_file(file, given, problems);
  // Whatever that file was to give is not missing as well.
  if (problems.size() != problems_before) {
    for (const ir::Input& input : workflow.inputs)
      unreadable.push_back(input.name);
  }
  for (const ir::Input& input : workflow.inputs) {
    if (!input.from_stdin || !stdin_is_free || is_given(given, input.name) || ::isatty(STDIN_FILENO) == 1) continue;
    Result<std::string> content = read_file("-", kMaxInputBytes);
    if (!content) {
      Error e = std::move(content).error();
      e.message = fmt::format("input \"{}\": {}", input.name, e.message);
      problems.push_back(std::move(e));
      unreadable.push_back(input.name);
    } else if (!content->empty()) {
      given.push_back({input.name, text_value(*content), true, "stdin"});
    }
  }
  for (const ir::Input& input : workflow.inputs) {
    const std::string variable = ir::environment_name(input.name);
    const std::optional<std::string> value = environment(variable);
    if (value && !is_given(given, input.name)) given.push_back({input.name, text_value(*value), true, variable});
  }
  return given;
}

}  // namespace pflow::host
