#pragma once

#include <cstdint>
#include <string_view>

namespace pflow {

/// The file under a trace. Used by one thread at a time.
class TraceSink {
 public:
  virtual ~TraceSink() = default;

  /// Puts `text` at `offset`, by one write(2); what was there is replaced, what follows is cut off. False: it could
  /// not (a full disk), and what was there before is there still, as far as that could be had.
  [[nodiscard]] virtual bool write_at(std::uint64_t offset, std::string_view text) noexcept = 0;
};

}  // namespace pflow
