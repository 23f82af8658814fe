#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "llm_wire.hpp"

namespace pflow::llm {

/// Cuts a stream of bytes into events, however it is split into pieces. Every event goes to the sink once.
class StreamParser {
 public:
  using Sink = std::function<void(std::string_view name, std::string_view data)>;

  /// The largest event that is taken.
  static constexpr std::size_t kMaxEventBytes = std::size_t{32} << 20;

  StreamParser() = default;
  StreamParser(const StreamParser&) = delete;
  StreamParser& operator=(const StreamParser&) = delete;
  virtual ~StreamParser() = default;

  /// False: an event is larger than kMaxEventBytes; nothing may be fed after it.
  [[nodiscard]] virtual bool feed(std::string_view piece, const Sink& sink) = 0;

  /// The stream is over: gives a last event that nothing ended.
  virtual void finish(const Sink& sink) = 0;
};

/// Server-sent events: lines that end with LF, CR LF or CR; fields `event` and `data` (several lines of data are joined
/// by LF); a blank line ends an event. Comments, other fields, events without data and a byte order mark are passed
/// over. O(bytes).
class SseParser final : public StreamParser {
 public:
  [[nodiscard]] bool feed(std::string_view piece, const Sink& sink) override;
  void finish(const Sink& sink) override;

 private:
  void take_line(std::string_view line, const Sink& sink);
  void dispatch(const Sink& sink);

  std::string line_;  // the beginning of a line whose end has not come
  std::string name_;
  std::string data_;
  bool has_data_ = false;
  bool after_cr_ = false;  // the last byte was a CR: a LF that follows belongs to it
  bool first_line_ = true;
};

/// One JSON text a line; blank lines are passed over. O(bytes).
class NdjsonParser final : public StreamParser {
 public:
  [[nodiscard]] bool feed(std::string_view piece, const Sink& sink) override;
  void finish(const Sink& sink) override;

 private:
  std::string line_;
};

[[nodiscard]] std::unique_ptr<StreamParser> make_parser(Framing framing);

}  // namespace pflow::llm
