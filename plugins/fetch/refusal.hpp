#pragma once
#include <string>
#include <string_view>

#include <pflow/node.hpp>

namespace pflow::fetch {

/// Throws the failure of a parameter that cannot be what it is. `problem` must not show a secret.
[[noreturn]] inline void refuse(std::string_view param, std::string_view problem) {
  std::string message = "parameter \"";
  message.append(param).append("\": ").append(problem);
  throw sdk::Failure{.status = PFLOW_E_INVALID, .code = "invalid_parameter", .message = std::move(message)};
}

}  // namespace pflow::fetch
