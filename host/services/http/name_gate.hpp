#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pflow::host {

/// Keeps a thousand exchanges with one host from looking its name up a thousand times, each on a thread of libcurl's:
/// the first goes ahead, the others wait until it has its address. Bounds how many go ahead at once, too. Says nothing
/// of what a name's address is: libcurl remembers that. Not thread-safe.
class NameGate {
 public:
  using Id = std::uint64_t;
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t kMostLookUps = 64;

  /// Shorter than libcurl remembers addresses (kRememberedFor), so that none is looked up by all.
  static constexpr std::chrono::seconds kFreshFor{50};
  static constexpr std::chrono::seconds kRememberedFor{60};

  enum class Verdict : std::uint8_t { kGo, kGoAhead, kWait };

  /// `still_waits`: whether an exchange that was told to wait has not ended since.
  explicit NameGate(std::function<bool(Id)> still_waits) : still_waits_(std::move(still_waits)) {}

  /// May this exchange begin? kGoAhead: yes, and whoever has it calls `passed` or `failed` once it turns out.
  [[nodiscard]] Verdict enter(const std::string& place, Id id, Time now);

  enum class Outcome : std::uint8_t {
    kAddressKnown,    ///< it opens a socket
    kNothingLearned,  ///< it went over a connection that was open, or ended before it knew
  };

  /// Who may ask to enter again, in their order. `next_turn` may have more.
  [[nodiscard]] std::vector<Id> passed(const std::string& place, Outcome outcome, Time now);

  /// There is no address: gives those who waited for it, who need not try.
  [[nodiscard]] std::vector<Id> failed(const std::string& place);

  /// Somebody who waits because too many went ahead, and may ask to enter again now. To be asked until there is none.
  [[nodiscard]] std::optional<Id> next_turn();

 private:
  struct Place {
    bool looking = false;
    Time fresh_until{};
    std::deque<Id> waiting;
  };

  void forget_old(Time now);

  std::function<bool(Id)> still_waits_;
  std::unordered_map<std::string, Place> places_;
  std::deque<Id> waiting_for_a_turn_;  ///< there were kMostLookUps
  std::size_t looking_ = 0;
};

}  // namespace pflow::host
