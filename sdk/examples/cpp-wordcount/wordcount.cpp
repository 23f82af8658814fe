// A plugin in C++ with one node type, example.wordcount.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <pflow/node.hpp>

namespace {

namespace sdk = pflow::sdk;

struct Counts {
  std::size_t words = 0;
  std::size_t lines = 0;
};

Counts count(std::string_view text) {
  Counts counts;
  bool in_word = false;
  for (const char c : text) {
    const bool space = std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos;
    if (!space && !in_word) ++counts.words;
    in_word = !space;
    if (c == '\n') ++counts.lines;
  }
  if (!text.empty() && text.back() != '\n') ++counts.lines;
  return counts;
}

// No data members, hence no state: the host makes no instance and may run any number of calls at once.
struct WordCount {
  static constexpr std::string_view kType = "example.wordcount";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_IDEMPOTENT;

  struct Params {
    std::string_view text;  // the host's own bytes, valid until the call has ended

    static void declare(sdk::Fields<Params>& f) { f.add("text", &Params::text, "Text to count").required(); }
  };

  static void describe(sdk::Description& d) {
    d.text("Counts words, lines and bytes of a text.")
        .primary("words", sdk::Output::kInteger, "Runs of characters between white space")
        .output("lines", sdk::Output::kInteger, "Lines; a last one without a newline counts")
        .output("bytes", sdk::Output::kInteger, "Length of the text in UTF-8")
        .example("Two words", R"({"text": "hello world"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    const Counts counts = count(params.text);
    call.set("words", counts.words);
    call.set("lines", counts.lines);
    call.set("bytes", params.text.size());
  }
};

}  // namespace

PFLOW_PLUGIN("org.example.wordcount", "1.0.0", WordCount);
