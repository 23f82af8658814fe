#pragma once

#include <exception>
#include <mutex>
#include <new>
#include <utility>

#include "host/loader/plugin_call.hpp"

namespace pflow::host {

/// Runs `use` on an open call, under its lock; what is returned otherwise says why not.
template <typename Use>
pflow_status with_open(pflow_call* c, Use&& use) noexcept {
  if (c == nullptr) return PFLOW_E_INVALID;
  try {
    const std::lock_guard lock(c->mutex);
    if (c->state == CallState::kAbandoned) return PFLOW_E_CANCELLED;
    if (c->state != CallState::kOpen) return PFLOW_E_INVALID;
    return use();
  } catch (const std::bad_alloc&) {
    return PFLOW_E_NOMEM;
  } catch (const std::exception&) {
    return PFLOW_E_INTERNAL;
  }
}

}  // namespace pflow::host
