// A plugin that uses every part of the C++ layer; layer_test.cpp runs it through the real host.
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <pflow/node.hpp>

namespace {

namespace sdk = pflow::sdk;

struct Reads {
  static constexpr std::string_view kType = "layer.params";

  struct Params {
    std::string text = "plain";
    std::string_view view = "seen";
    std::int64_t number = 5;
    std::uint8_t small = 7;
    double real = 0.5;
    bool flag = true;
    std::optional<std::int64_t> maybe;
    sdk::Value any;
    std::vector<std::string> list = {"a", "b"};
    std::map<std::string, std::string> names = {{"k", "v"}};
    std::string mode = "slow";
    std::string key;

    static void declare(sdk::Fields<Params>& f) {
      f.add("text", &Params::text, "A text");
      f.add("view", &Params::view, "A text that is not copied");
      f.add("number", &Params::number, "A number").minimum(1).maximum(10);
      f.add("small", &Params::small, "A small number");
      f.add("real", &Params::real, "A real number");
      f.add("flag", &Params::flag, "A flag");
      f.add("maybe", &Params::maybe, "A number or nothing");
      f.add("any", &Params::any, "Anything");
      f.add("list", &Params::list, "Texts");
      f.add("names", &Params::names, "Texts by name");
      f.add("mode", &Params::mode, "How").one_of({"slow", "fast"});
      f.add("key", &Params::key, "A key").secret();
    }
  };

  void run(const Params& p, sdk::Call& call) const {
    std::string all = p.text;
    all.append("|").append(p.view).append("|");
    sdk::append_number(all, p.number);
    sdk::append_number(all += '|', static_cast<int>(p.small));
    sdk::append_number(all += '|', p.real);
    all.append(p.flag ? "|true|" : "|false|");
    if (p.maybe) sdk::append_number(all, *p.maybe);
    all.append("|").append(p.any ? call.to_json(p.any) : "-");
    for (const std::string& item : p.list)
      all.append("|").append(item);
    for (const auto& [name, value] : p.names)
      all.append("|").append(name).append("=").append(value);
    all.append("|").append(p.mode).append("|").append(p.key);
    call.set("all", all);
  }
};

struct Fails {
  static constexpr std::string_view kType = "layer.fails";

  struct Params {
    std::string_view how;

    static void declare(sdk::Fields<Params>& f) { f.add("how", &Params::how, "In which way").required(); }
  };

  sdk::Outcome run(const Params& params, sdk::Call& call) const {
    call.set("before", "written");
    if (params.how == "failure") {
      throw sdk::Failure{.status = PFLOW_E_RATE_LIMIT,
                         .code = "too_fast",
                         .message = "slow down",
                         .retryable = true,
                         .origin_code = 429,
                         .detail_json = R"({"limit": 3})"};
    }
    if (params.how == "outcome") return sdk::Failure{.code = "returned", .message = "returned, not thrown"};
    if (params.how == "ok_status") throw sdk::Failure{.status = PFLOW_OK, .message = "a failure that says OK"};
    if (params.how == "exception") throw std::out_of_range("index 7 of 3");
    if (params.how == "memory") throw std::bad_alloc();
    if (params.how == "int") throw 7;
    if (params.how == "nan") call.set("number", std::numeric_limits<double>::quiet_NaN());
    if (params.how == "json") call.set("json", sdk::Json{"{"});
    if (params.how == "key") call.set("__mine", 1);
    if (params.how == "action") call.action("sideways");
    if (params.how == "type") return as_number(call);
    if (params.how == "secret") static_cast<void>(call.secret("OPENAI_API_KEY"));
    return {};
  }

 private:
  static sdk::Outcome as_number(sdk::Call& call) {
    static_cast<void>(call.make("text").as_int());
    return {};
  }
};

struct Writes {
  static constexpr std::string_view kType = "layer.writes";

  void run(sdk::Call& call) const {
    call.set("bool", true);
    call.set("int", -7);
    call.set("uint", std::numeric_limits<std::uint64_t>::max());
    call.set("double", 0.25);
    call.set("text", "caf\xc3\xa9");
    call.set("not_text", std::string("caf\xe9"));
    call.set("bytes", sdk::Bytes{"abc"});
    call.set("json", sdk::Json{R"({"b": [1, {"a": null}], "a": 2})"});
    sdk::Buffer buffer(call);
    for (int i = 0; i < 3; ++i)
      buffer.append("piece ");
    call.set("buffer", buffer.finish());
    std::string walked;
    const sdk::Value json = call.make(sdk::Json{R"({"x": [1, 2.5, "t", true, null], "y": {}})"});
    for (const auto& [key, value] : json.members()) {
      walked.append(key).append(":").append(sdk::words(value.type())).append(" ");
      for (const sdk::Value item : value.items())
        walked.append(sdk::words(item.type())).append(" ");
    }
    call.set("walked", walked);
    const sdk::CallInfo info = call.info();
    call.set("info", std::string(info.node_id) + " " + std::string(info.run_id) + " " + std::to_string(info.attempt) +
                         " " + std::to_string(info.visit) + " " + std::to_string(info.batch_index) +
                         (call.remaining() ? " limited" : " unlimited"));
    call.set("absent", call.get("nobody.out") ? "there" : "not there");
  }
};

struct Steps {
  static constexpr std::string_view kType = "layer.steps";

  struct Params {
    std::int64_t number = 1;

    static void declare(sdk::Fields<Params>& f) { f.add("number", &Params::number, "What to double"); }
  };

  static void describe(sdk::Description& d) {
    d.primary("twice", sdk::Output::kInteger, "Its double").action("large").action("small");
  }

  std::int64_t prep(const Params& params, sdk::Call&) const { return params.number; }

  std::int64_t exec(std::int64_t number) const {
    if (number == 13) throw std::runtime_error("not this one");
    return 2 * number;
  }

  std::string_view post(std::int64_t, std::int64_t twice, sdk::Call& call) const {
    call.set("twice", twice);
    return twice > 10 ? "large" : "small";
  }
};

struct Async {
  static constexpr std::string_view kType = "layer.async";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING;

  struct Params {
    std::string_view how;

    static void declare(sdk::Fields<Params>& f) { f.add("how", &Params::how, "In which way").required(); }
  };

  void run(const Params& params, sdk::Call& call) const {
    sdk::Completion done = call.start_async();
    if (params.how == "at_once") return done.finish();
    if (params.how == "throws_here") throw std::runtime_error("after it had become asynchronous");
    std::thread([how = params.how, done = std::move(done), id = call.id()]() mutable {
      if (how == "writes")
        done.finish_with([&](sdk::Call& c) { c.set("out", c.id() == id ? "its own" : "another's"); });
      if (how == "fails") done.finish(sdk::Failure{.code = "later", .message = "it failed later"});
      if (how == "throws") done.finish_with([](sdk::Call&) { throw std::runtime_error("thrown later"); });
      if (how == "twice") {
        sdk::Completion second = std::move(done);
        second.finish();
        second.finish();
        done.finish();
      }
      if (how == "waits") {
        done.finish_with([](sdk::Call& c) {
          while (!c.cancelled())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
          throw sdk::Failure{.status = PFLOW_E_CANCELLED, .code = "cancelled", .message = "stopped as asked"};
        });
      }
    }).detach();  // "drops": nobody finishes it
  }
};

struct Counter {
  static constexpr std::string_view kType = "layer.counter";

  struct Params {
    std::int64_t start = 0;

    static void declare(sdk::Fields<Params>& f) { f.add("start", &Params::start, "First number"); }
  };

  explicit Counter(sdk::Call& call) : next_(call.params()["start"].if_int().value_or(-1)) {
    if (next_ < 0) throw sdk::Failure{.code = "negative", .message = "start must not be negative"};
  }

  static void describe(sdk::Description& d) { d.action("again").primary("count", sdk::Output::kInteger, "How often"); }

  std::string_view post(std::int64_t count) const { return count < 5 ? "again" : "default"; }

  void run(const Params&, sdk::Call& call) {
    call.set("count", ++next_);
    call.action(post(next_));
  }

 private:
  std::int64_t next_;
};

struct Tells {
  static constexpr std::string_view kType = "layer.tells";

  void run(sdk::Call& call) const {
    call.log(sdk::Level::kWarn, "a warning", R"({"n": 1})");
    call.log(sdk::Level::kDebug, "not read by anybody");
    static_cast<void>(call.emit_chunk("text", "piece"));
    call.emit("progress", sdk::Json{R"({"done": 1})"});
    call.report({.provider = "acme", .model = "tiny", .input_tokens = 3});
  }
};

struct Asks {
  static constexpr std::string_view kType = "layer.asks";

  struct Params {
    std::string_view url;
    bool throws = false;

    static void declare(sdk::Fields<Params>& f) {
      f.add("url", &Params::url, "What to ask for").required();
      f.add("throws", &Params::throws, "Wants nothing of the answer");
    }
  };

  struct Handler final : sdk::HttpHandler {
    void on_head(const sdk::HttpHead& head) override { text += std::to_string(head.status()) + " "; }

    void on_data(std::string_view piece) override {
      if (throws) throw sdk::Failure{.code = "not_this", .message = "not this answer"};
      text += piece;
    }

    void on_done(const sdk::HttpEnd& end) override { text += end.failure ? end.failure->code : " whole"; }

    std::string text;
    bool throws = false;
  };

  void run(const Params& params, sdk::Call& call) const {
    Handler handler;
    handler.throws = params.throws;
    sdk::http_perform(call, {.url = params.url}, handler);
    call.set("out", handler.text);
  }
};

struct Hooks {
  static void init(sdk::Call& call) {
    if (!call.params().is(sdk::Type::kObject)) throw std::runtime_error("no settings");
  }
};

}  // namespace

PFLOW_PLUGIN_WITH(Hooks, "test.layer", "1.0.0", Reads, Fails, Writes, Steps, Async, Counter, Tells, Asks);
