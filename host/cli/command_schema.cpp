#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/suggest.hpp"
#include "envelope_schema.hpp"
#include "host/cli/session.hpp"
#include "host/cli/usage_error.hpp"
#include "trace_schema.hpp"
#include "workflow_schema.hpp"

namespace pflow::host {
namespace {

struct Schema {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Schema, 3> kSchemas = {
    {{"workflow", kWorkflowSchema}, {"envelope", kEnvelopeSchema}, {"trace", kTraceSchema}}};

}  // namespace

ExitCode schema_command(Session& session) {
  const auto& words = session.options().words;
  if (words.size() == 1) {
    const auto known =
        std::find_if(kSchemas.begin(), kSchemas.end(), [&](const Schema& s) { return s.name == words.front(); });
    if (known != kSchemas.end()) return session.print(known->text);
  }
  std::vector<std::string_view> names;
  for (const Schema& s : kSchemas)
    names.push_back(s.name);
  return session.refuse(
      {usage_error(words.empty() ? "\"schema\" needs a name" : fmt::format("there is no schema \"{}\"", words.front()),
                   did_you_mean(words.empty() ? "" : words.front(), names, "Schemas"))},
      {});
}

}  // namespace pflow::host
