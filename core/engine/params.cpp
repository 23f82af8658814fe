#include "core/engine/params.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <boost/container/small_vector.hpp>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/problem_list.hpp"
#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/base/wording.hpp"

namespace pflow {
namespace {

constexpr std::size_t kShownValue = 60;  // of a value in a message

std::string types_text(const ParamSpec& spec) {
  std::string out;
  for (std::size_t i = 0; i < spec.types.size(); ++i) {
    if (i != 0) out += i + 1 == spec.types.size() ? " or " : ", ";
    out += with_article(ir::data_type_name(spec.types[i]));
  }
  return out;
}

bool fits_a_type(const Value& v, const ParamSpec& spec) {
  if (spec.types.empty()) return true;
  if (v.type() == Value::Type::kBytes) return spec.accepts(ir::DataType::kString);
  return std::any_of(spec.types.begin(), spec.types.end(), [&](ir::DataType t) { return ir::has_type(v, t); });
}

Error invalid(std::string message, const ParamSpec& spec) {
  Error e;
  e.code = Code::kInvalidParameter;
  e.message = std::move(message);
  e.hint = spec.description.empty() ? "" : fmt::format("{}: {}", spec.name, spec.description);
  return e;
}

// Enough of a value's JSON to show: the whole may be endless.
std::string beginning(const Value& v) {
  constexpr std::size_t kEnough = std::size_t{64} * 1024;
  std::string text;
  static_cast<void>(write_json_within(v, kEnough, text));
  return text;
}

std::string shown(const Value& v, const ParamSpec& spec) {
  return spec.secret ? "a secret" : printable(beginning(v), kShownValue);
}

Result<void> check_limits(const Value& v, const ParamSpec& spec) {
  if (!spec.allowed.empty() && std::find(spec.allowed.begin(), spec.allowed.end(), v) == spec.allowed.end()) {
    std::string allowed;
    for (const Value& a : spec.allowed)
      allowed += (allowed.empty() ? "" : ", ") + to_json(a);
    return invalid(fmt::format("parameter \"{}\" must be one of {}, not {}", spec.name, allowed, shown(v, spec)), spec);
  }
  if (!v.is_number()) return {};
  if (spec.minimum && v.as_double() < *spec.minimum) {
    return invalid(
        fmt::format("parameter \"{}\" must be at least {}, not {}", spec.name, *spec.minimum, shown(v, spec)), spec);
  }
  if (spec.maximum && v.as_double() > *spec.maximum) {
    return invalid(fmt::format("parameter \"{}\" must be at most {}, not {}", spec.name, *spec.maximum, shown(v, spec)),
                   spec);
  }
  return {};
}

// A name that no parameter has: a slip of the pen when a listed parameter is near and was not given, else foreign.
void unknown_param(std::string_view name, const Value& given, const NodeType& type, std::string_view pointer,
                   Problems& errors, Problems& warnings) {
  if (errors.size() > ProblemList::kMaxProblems || warnings.size() > ProblemList::kMaxProblems) return;
  std::vector<std::string_view> known;
  for (const ParamSpec& p : type.params)
    known.push_back(p.name);
  const std::string_view near = nearest(name, known);
  const bool slip = !near.empty() && given.find(near) == nullptr;
  Error e;
  e.code = Code::kUnknownParameter;
  e.message = fmt::format("node type \"{}\" has no parameter \"{}\"", type.name, name);
  e.where = pointer_to(pointer, name);
  e.hint = did_you_mean(name, known, "Parameters");
  if (type.closed_params || slip) {
    errors.push_back(std::move(e));
  } else {
    e.hint += " It is passed on as it is.";
    warnings.push_back(std::move(e));
  }
}

// Tells of a template's secrets; what has stayed as written, because it leads nowhere, is none.
void tell_secrets(const ParamSet::Param& p, const Value& filled, const SecretVisitor& visit) {
  if (p.spec == nullptr || !p.spec->secret) return visit_filled_secrets(p.name.text(), p.value, filled, visit);
  if (!(filled == p.value.source())) visit(p.spec->name, filled);
}

}  // namespace

Result<Value> fit_param(Value value, const ParamSpec& spec, std::size_t max_text_bytes) {
  if (!fits_a_type(value, spec)) {
    const bool container = value.is_array() || value.is_object();
    const bool takes_container = spec.accepts(ir::DataType::kObject) || spec.accepts(ir::DataType::kArray);
    if (value.is_null() && !spec.required) return value;
    if (container && spec.accepts(ir::DataType::kString)) {
      std::string text;
      if (!write_json_within(value, max_text_bytes, text)) return text_too_long(max_text_bytes, "");
      value = Value::string(text);
    } else if (value.is_string() && takes_container && value.size() <= kMaxJsonTextBytes &&
               looks_like_json_container(value.text())) {
      Result<Value> parsed = read_json(value.text(), spec.name);
      if (!parsed) {
        Error e = invalid(fmt::format("parameter \"{}\" must be {}, and its text is not valid JSON: {}", spec.name,
                                      types_text(spec), parsed.error().message),
                          spec);
        e.hint = fmt::format("The text breaks off at {}.", parsed.error().where);
        return e;
      }
      value = std::move(parsed).value();
    }
    if (!fits_a_type(value, spec)) {
      return invalid(fmt::format("parameter \"{}\" must be {}, not {}", spec.name, types_text(spec),
                                 with_article(type_name(value))),
                     spec);
    }
  }
  if (Result<void> r = check_limits(value, spec); !r) return std::move(r).error();
  return value;
}

ParamSet ParamSet::compile(const Value& params, const NodeType& type, std::string_view pointer, Problems& errors,
                           Problems& warnings) {
  ParamSet set;
  const auto given = params.is_object() ? params.members() : std::span<const Member>();
  for (const Member& m : given) {
    Param p{m.key, ParamTemplate::parse(m.value), type.param(m.name()), pointer_to("", m.name())};
    const bool described = type.closed_params || !type.params.empty();
    if (p.spec == nullptr && described) unknown_param(m.name(), params, type, pointer, errors, warnings);
    if (p.spec != nullptr && p.value.is_constant()) {
      Result<Value> fitted = fit_param(p.value.constant(), *p.spec);
      if (fitted) {
        p.value = ParamTemplate::fixed(std::move(fitted).value());
      } else {
        Error e = std::move(fitted).error();
        e.where = pointer_to(pointer, m.name());
        errors.push_back(std::move(e));
      }
    }
    p.brings_secrets =
        !p.value.is_constant() && ((p.spec != nullptr && p.spec->secret) || may_bring_secrets(m.name(), p.value));
    set.brings_secrets_ = set.brings_secrets_ || p.brings_secrets;
    set.params_.push_back(std::move(p));
  }
  for (const ParamSpec& spec : type.params) {
    if (params.find(spec.name) != nullptr) continue;
    if (spec.required) {
      Error e;
      e.code = Code::kMissingParameter;
      e.message = fmt::format("node type \"{}\" needs the parameter \"{}\"", type.name, spec.name);
      e.where = pointer;
      e.hint = spec.description.empty() ? "" : fmt::format("{}: {}", spec.name, spec.description);
      errors.push_back(std::move(e));
    } else if (spec.default_value) {
      set.params_.push_back({Value::string(spec.name), ParamTemplate::fixed(*spec.default_value), &spec});
    }
  }
  set.constant_ =
      std::all_of(set.params_.begin(), set.params_.end(), [](const Param& p) { return p.value.is_constant(); });
  if (set.constant_) {
    std::vector<Member> members;
    for (const Param& p : set.params_)
      members.push_back({p.name, p.value.constant()});
    set.object_ = Value::object(members);
  }
  return set;
}

void ParamSet::bind(const StoreNames& names) {
  for (Param& p : params_)
    p.value.bind(names);
}

Value ParamSet::written() const {
  if (constant_) return object_;
  std::vector<Member> members;
  for (const Param& p : params_)
    members.push_back({p.name, p.value.source()});
  return Value::object(members);
}

Result<Value> ParamSet::resolve(TemplateResolver& resolver, const Scope& scope, const SecretVisitor* visit) const {
  if (constant_) return object_;
  boost::container::small_vector<Member, 16> members;
  members.reserve(params_.size());
  for (const Param& p : params_) {
    if (p.value.is_constant()) {
      members.push_back({p.name, p.value.constant()});
      continue;
    }
    const std::size_t unresolved = resolver.unresolved_count();
    Result<Value> value = resolver.resolve(p.value, scope, p.pointer);
    if (visit != nullptr && p.brings_secrets && value) tell_secrets(p, *value, *visit);
    if (value && p.spec != nullptr && resolver.unresolved_count() == unresolved) {
      value = fit_param(std::move(value).value(), *p.spec);
      if (!value) value.error().where = p.pointer;
    }
    if (!value) return std::move(value).error();
    if (value->depth() >= kMaxValueDepth) return value_too_deep(p.pointer);
    members.push_back({p.name, std::move(value).value()});
  }
  return Value::object({members.data(), members.size()});
}

}  // namespace pflow
