#include "core/trace/event_logs.hpp"

#include <string>

#include "core/base/json_read.hpp"

namespace pflow {
namespace {

constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kMostBytes = std::size_t{256} * 1024;

void write_fields(const std::string& json, TraceText& text) {
  if (json.empty()) {
    text.raw("null");
    return;
  }
  if (json.size() <= kMostBytes) {
    if (const Result<Value> fields = read_json(json, "fields")) return void(text.value(*fields));
  }
  text.text(json);  // no JSON, or too much of it
}

}  // namespace

void write_logs(const std::vector<TraceLog>& logs, TraceText& text) {
  const std::size_t start = text.size();
  text.raw("[");
  std::size_t n = 0;
  for (const TraceLog& log : logs) {
    if (n != 0) text.raw(",");
    text.raw("{\"ms\":").milliseconds(log.ms);
    text.raw(",\"level\":");
    if (n == kMostEntries || text.size() - start > kMostBytes) {
      text.raw("\"warn\",\"message\":\" ... [cut: ").natural(n).raw(" of ").natural(logs.size());
      text.raw(" entries]\",\"fields\":null}");
      text.count_truncation(logs.size() - n);
      break;
    }
    text.fact(log.level);
    text.raw(",\"message\":");
    text.text(log.message);
    text.raw(",\"fields\":");
    write_fields(log.fields_json, text);
    text.raw("}");
    ++n;
  }
  text.raw("]");
}

}  // namespace pflow
