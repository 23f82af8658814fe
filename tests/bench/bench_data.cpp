// W4: a JSON value of 1 MiB and of 10 MiB handed through 10 nodes: it must be shared, never copied or parsed again.
#include <sys/resource.h>

#include "bench.hpp"
#include "core/base/json_read.hpp"
#include "plugin_run.hpp"

namespace {

// An array of records, as many as make `bytes` bytes of JSON text.
std::string document(std::size_t bytes) {
  std::string text = "[";
  for (int i = 0; text.size() + 90 < bytes; ++i) {
    if (i != 0) text += ',';
    text += R"({"id":)" + std::to_string(i) + R"(,"name":"record number )" + std::to_string(i) +
            R"(","tags":["a","b"],"score":0.5,"ok":true})";
  }
  text += ",\"" + std::string(bytes - text.size() - 4, 'x') + "\"]";
  return text;
}

std::string hand_on_chain() {
  std::string text = R"({"inputs":{"big":{"type":"array"}},"nodes":[{"id":"n0","type":"echo","params":{"data":"${big}"}})";
  for (int i = 1; i < 10; ++i) {
    text += R"(,{"id":"n)" + std::to_string(i) + R"(","type":"echo","params":{"data":"${n)" + std::to_string(i - 1) +
            R"(.data}"}})";
  }
  return text + "]}";
}

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace pflow;
  const bool quick = bench::is_short(argc, argv);
  const bench::TemporaryFolder cache;
  for (const std::size_t bytes : {std::size_t{1'048'711}, std::size_t{10'485'919}}) {
    bench::PluginRun runner(cache.path());
    runner.plan(hand_on_chain(), {"big"});
    const std::string text = document(bytes);
    const long before = peak_kib();
    Result<Value> value = read_json(text, "bench");
    if (!value) return 1;
    const long parsed = peak_kib();
    const double us = bench::median_us(quick ? 1 : 201, [&] {
      SharedStore store(runner.plan().names);
      store.set_input(0, *value);
      runner.run(store);
      if (!store.outputs(9).find("data")->same_content(*value)) std::exit(1);
    });
    std::printf(
        R"({"bench":"W4","bytes":%zu,"ten_nodes_us":%.1f,"parse_peak_kib":%ld,"added_peak_kib":%ld})"
        "\n",
        text.size(), us, parsed - before, peak_kib() - parsed);
  }
  return 0;
}
