#pragma once

#include <string_view>

namespace pflow::host {

/// Which plugin's run this thread is inside of, for the last words of a process that a plugin brings down. Two stores a
/// call; may be read in a signal handler of the same thread.
class RunningCall {
 public:
  RunningCall(const char* plugin_path, std::string_view node_id) noexcept
      : plugin_path_(plugin_path), node_id_(node_id), outer_(current_) {
    current_ = this;
  }

  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;

  ~RunningCall() { current_ = outer_; }

  [[nodiscard]] static const RunningCall* current() noexcept { return current_; }  ///< nullptr: no plugin's run

  [[nodiscard]] std::string_view plugin_path() const noexcept { return plugin_path_; }

  [[nodiscard]] std::string_view node_id() const noexcept { return node_id_; }

 private:
  static inline thread_local constinit const RunningCall* current_ = nullptr;

  const char* plugin_path_;
  std::string_view node_id_;
  const RunningCall* outer_;
};

}  // namespace pflow::host
