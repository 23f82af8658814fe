#include "core/engine/failure.hpp"

#include <vector>

namespace pflow {

Value failure_value(const Failure& failure) {
  const std::string_view code = failure.node_code.empty() ? code_name(failure.code) : failure.node_code;
  std::vector<Member> members;
  members.push_back({Value::string("code"), Value::string(code)});
  members.push_back({Value::string("message"), Value::string(failure.message)});
  members.push_back({Value::string("retryable"), Value::boolean(failure.retryable)});
  if (failure.origin_code != 0) {
    members.push_back({Value::string("origin_code"), Value::integer(std::int64_t{failure.origin_code})});
  }
  if (!failure.detail.is_null()) members.push_back({Value::string("detail"), failure.detail});
  return Value::object(members);
}

}  // namespace pflow
