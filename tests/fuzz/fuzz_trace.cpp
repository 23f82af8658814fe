#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/trace/trace_document.hpp"
#include "core/trace/trace_event.hpp"
#include "core/trace/trace_overview.hpp"
#include "core/trace/trace_repair.hpp"

namespace {

using namespace pflow;

// Every part can be filled in, and what comes of it is bounded and JSON.
void read_all(TraceDocument& document) {
  constexpr std::size_t kMost = 64u << 20;
  for (const Value& written : document.events()) {
    const Expansion e = document.expand(written);
    std::string text;
    if (!write_json_within(e.value, kMost, text)) std::abort();
    if (!read_json(text, "event", {.max_depth = 4000}) && text.find("\"$") == std::string::npos) std::abort();
    if ((e.unresolved == 0) != e.first_unresolved.empty()) std::abort();
  }
  if (events_of(document).size() != document.events().size()) std::abort();
}

}  // namespace

// Bytes from anywhere are a trace, or can be mended into one that needs no mending, or are refused with words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  static_cast<void>(trace_overview(text, "t.json"));
  Result<TraceDocument> document = TraceDocument::read(text, "t.json");
  if (document) read_all(*document);

  const Result<TraceRepair> repair = repair_trace(text, "t.json");
  if (!repair) {
    if (document || repair.error().message.empty()) std::abort();
    return 0;
  }
  if (repair->changed == document.ok()) std::abort();
  if (!repair->changed) return 0;
  Result<TraceDocument> mended = TraceDocument::read(repair->text, "mended.json");
  if (!mended) std::abort();
  const Result<TraceRepair> again = repair_trace(repair->text, "mended.json");
  if (!again || again->changed) std::abort();
  const Result<TraceOverview> overview = trace_overview(repair->text, "mended.json");
  if (!overview || overview->torn || overview->events != mended->events().size()) std::abort();
  return 0;
}
