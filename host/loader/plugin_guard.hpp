#pragma once

#include <exception>
#include <optional>
#include <string>
#include <type_traits>

#include "pflow/plugin.h"

#include "core/base/utf8.hpp"

/// Calls into plugins. Their functions are declared noexcept; one that was compiled without that may throw all the
/// same, so each is called through a pointer type that lets it, and what comes out is the plugin's fault.
namespace pflow::host {

/// What a plugin's function threw: shown text, empty if it is not known. Nothing: it returned.
using Thrown = std::optional<std::string>;

/// The text of an exception, fit to be shown; empty when there is no memory for it.
[[nodiscard]] inline std::string thrown_text(const std::exception& e) noexcept {
  constexpr std::size_t kShownBytes = 200;
  try {
    return printable(e.what(), kShownBytes);
  } catch (const std::exception&) {
    return {};
  }
}

template <typename R, typename... Args>
[[nodiscard]] Thrown call_plugin(R& result, R(PFLOW_CALL* function)(Args...),
                                 std::type_identity_t<Args>... args) noexcept {
  try {
    result = function(args...);
    return std::nullopt;
  } catch (const std::exception& e) {
    return thrown_text(e);
  } catch (...) {
    return std::string();
  }
}

template <typename... Args>
[[nodiscard]] Thrown call_plugin(void(PFLOW_CALL* function)(Args...), std::type_identity_t<Args>... args) noexcept {
  try {
    function(args...);
    return std::nullopt;
  } catch (const std::exception& e) {
    return thrown_text(e);
  } catch (...) {
    return std::string();
  }
}

}  // namespace pflow::host
