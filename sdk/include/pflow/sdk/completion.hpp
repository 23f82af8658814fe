#pragma once
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "pflow/sdk/call.hpp"

namespace pflow::sdk {
inline namespace v1 {

namespace detail {
/// Hands an error to the host and gives the status that ends the call. Allocates nothing.
inline pflow_status set_error(pflow_call* call, pflow_status status, std::string_view code,
                              std::string_view message) noexcept {
  pflow_error error = PFLOW_ERROR_INIT;
  error.status = status;
  error.code = to_str(code);
  error.message = to_str(message);
  Host::table().set_error(call, &error);
  return status;
}

inline pflow_status set_error(pflow_call* call, const Failure& failure) noexcept {
  pflow_error error = PFLOW_ERROR_INIT;
  error.status = failure.status < 0 ? failure.status : static_cast<pflow_status>(PFLOW_E_INTERNAL);
  error.flags = failure.retryable ? static_cast<std::uint32_t>(PFLOW_ERR_RETRYABLE) : 0U;
  error.origin_code = failure.origin_code;
  error.retry_after_ms = failure.retry_after_ms;
  error.code = to_str(failure.code);
  error.message = to_str(failure.message);
  error.detail_json = to_str(failure.detail_json);
  Host::table().set_error(call, &error);
  return error.status;
}

inline pflow_status set_error(pflow_call* call, const Outcome& outcome) noexcept {
  return outcome.failure() ? set_error(call, *outcome.failure()) : static_cast<pflow_status>(PFLOW_OK);
}

/// Runs `body` (which gives a status) and turns whatever it throws into an error of the call.
template <class Body>
pflow_status guarded(pflow_call* call, Body&& body) noexcept {
  try {
    return body();
  } catch (const Failure& failure) {
    return set_error(call, failure);
  } catch (const std::bad_alloc&) {
    return set_error(call, PFLOW_E_NOMEM, "out_of_memory", "the plugin ran out of memory");
  } catch (const std::exception& error) {
    return set_error(call, PFLOW_E_INTERNAL, "internal", error.what());
  } catch (...) {
    return set_error(call, PFLOW_E_INTERNAL, "internal", "the plugin threw something that is no std::exception");
  }
}
}  // namespace detail

/// Ends an asynchronous call exactly once: by finish(), or as a failure if it is destroyed without.
/// Move it to whichever thread ends the call. After finish() nothing of the call may be touched.
class Completion {
 public:
  explicit Completion(pflow_call* call) noexcept : call_(call) {}

  Completion(Completion&& other) noexcept : call_(std::exchange(other.call_, nullptr)) {}

  Completion& operator=(Completion&& other) noexcept {
    if (this != &other) {
      drop();
      call_ = std::exchange(other.call_, nullptr);
    }
    return *this;
  }

  ~Completion() { drop(); }

  [[nodiscard]] CallId id() const noexcept { return call_; }

  /// Ends the call with success or with a Failure; a second finish() does nothing.
  void finish(const Outcome& outcome = {}) noexcept {
    if (pflow_call* call = std::exchange(call_, nullptr); call != nullptr) {
      Host::table().complete(call, detail::set_error(call, outcome));
    }
  }

  /// Ends the call with what `body(Call&)` does: writes outputs and returns, or throws.
  template <class Body>
  void finish_with(Body&& body) noexcept {
    pflow_call* handle = std::exchange(call_, nullptr);
    if (handle == nullptr) return;
    const pflow_status status = detail::guarded(handle, [&]() -> pflow_status {
      Call call(handle);
      body(call);
      return PFLOW_OK;
    });
    Host::table().complete(handle, status);
  }

  void finish_cancelled() noexcept {
    if (pflow_call* call = std::exchange(call_, nullptr); call != nullptr) {
      Host::table().complete(call, detail::set_error(call, PFLOW_E_CANCELLED, "cancelled", "the call was cancelled"));
    }
  }

 private:
  void drop() noexcept {
    if (pflow_call* call = std::exchange(call_, nullptr); call != nullptr) {
      Host::table().complete(call, detail::set_error(call, PFLOW_E_INTERNAL, "call_dropped",
                                                     "plugin dropped the call without finishing it"));
    }
  }

  pflow_call* call_;
};

inline Completion Call::start_async() noexcept {
  async_ = true;
  return Completion(handle_);
}

}  // namespace v1
}  // namespace pflow::sdk
