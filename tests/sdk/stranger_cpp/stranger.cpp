// A stranger's plugin in C++: says how many bytes its text has, on a thread of its own.
#include <string>
#include <thread>
#include <utility>

#include <pflow/node.hpp>

namespace {

namespace sdk = pflow::sdk;

struct Count {
  static constexpr std::string_view kType = "stranger.cpp";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING;

  struct Params {
    std::string_view text;

    static void declare(sdk::Fields<Params>& f) { f.add("text", &Params::text, "Text to count").required(); }
  };

  static void describe(sdk::Description& d) {
    d.text("Counts bytes.").primary("bytes", sdk::Output::kInteger, "How many there are");
  }

  void run(const Params& params, sdk::Call& call) const {
    std::thread([text = params.text, done = call.start_async()]() mutable {
      done.finish_with([&](sdk::Call& c) { c.set("bytes", text.size()); });
    }).detach();
  }
};

}  // namespace

PFLOW_PLUGIN("com.stranger.cpp", "1.0.0", Count);
