#include "core/engine/failure.hpp"

#include "core/base/object_builder.hpp"

namespace pflow {

Value failure_value(const Failure& failure) {
  ObjectBuilder o;
  o.add("code", failure.node_code.empty() ? code_name(failure.code) : std::string_view(failure.node_code));
  o.add("message", failure.message);
  o.add("retryable", Value::boolean(failure.retryable));
  if (failure.origin_code != 0) o.add("origin_code", Value::integer(std::int64_t{failure.origin_code}));
  if (!failure.detail.is_null()) o.add("detail", failure.detail);
  return o.finish();
}

}  // namespace pflow
