#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "pflow/plugin.h"
#include "pflow/sdk/call.hpp"
#include "pflow/sdk/completion.hpp"
#include "pflow/sdk/description.hpp"
#include "pflow/sdk/params.hpp"

namespace pflow::sdk {
inline namespace v1 {

/// Hooks of a plugin without any.
struct NoHooks {};

namespace detail {
template <class Node>
struct ParamsOf {
  using Type = NoParams;
};

template <class Node>
requires requires {
  typename Node::Params;
}

struct ParamsOf<Node> {
  using Type = typename Node::Params;
};

template <class Node>
using ParamsOfT = typename ParamsOf<Node>::Type;

template <class Node>
const Fields<ParamsOfT<Node>>& fields_of() {
  static const Fields<ParamsOfT<Node>> fields;
  return fields;
}

/// A node class without data members needs no instance: the host then never calls create().
template <class Node>
inline constexpr bool kStateless = std::is_empty_v<Node>&& std::is_default_constructible_v<Node>;

template <class Node>
concept HasPhases = requires {
  &Node::prep;
  &Node::exec;
  &Node::post;
};

/// Ends a phase or a run by what it returned: nothing, an Outcome, or (post only) the action's word.
template <class Step>
pflow_status conclude(Call& call, Step&& step) {
  using Returned = decltype(step());
  if constexpr (std::is_void_v<Returned>) {
    step();
    return PFLOW_OK;
  } else if constexpr (std::convertible_to<Returned, std::string_view>) {
    const auto action = step();
    call.action(action);
    return PFLOW_OK;
  } else {
    const Outcome outcome = step();
    return call.is_async() ? static_cast<pflow_status>(PFLOW_PENDING) : set_error(call.handle(), outcome);
  }
}

template <class Node, class Params>
pflow_status run_phases(Node& node, const Params& params, Call& call) {
  const auto prepared = node.prep(params, call);
  if constexpr (requires { node.exec(prepared, call); }) {
    const auto result = node.exec(prepared, call);
    return conclude(call, [&] { return node.post(prepared, result, call); });
  } else {
    const auto result = node.exec(prepared);
    return conclude(call, [&] { return node.post(prepared, result, call); });
  }
}

template <class Node>
pflow_status run_node(Node& node, Call& call) {
  if constexpr (requires { node.run(call); }) {
    return conclude(call, [&] { return node.run(call); });
  } else {
    const ParamsOfT<Node> params = fields_of<Node>().read(call.params());
    if constexpr (HasPhases<Node>) {
      return run_phases(node, params, call);
    } else {
      return conclude(call, [&] { return node.run(params, call); });
    }
  }
}

/// The functions of a node type as the C table wants them.
template <class Node>
struct NodeEdge {
  static pflow_status PFLOW_CALL create(const pflow_node_type* /*type*/, const pflow_host* /*host*/, pflow_call* c,
                                        void** out_node) noexcept {
    return guarded(c, [&]() -> pflow_status {
      Call call(c);
      if constexpr (std::is_constructible_v<Node, Call&>) {
        *out_node = std::make_unique<Node>(call).release();
      } else {
        *out_node = std::make_unique<Node>().release();
      }
      return PFLOW_OK;
    });
  }

  static void PFLOW_CALL destroy(void* node) noexcept { const std::unique_ptr<Node> owned(static_cast<Node*>(node)); }

  static pflow_status PFLOW_CALL run(void* node, pflow_call* c) noexcept {
    Call call(c);
    try {
      pflow_status status = PFLOW_OK;
      if constexpr (kStateless<Node>) {
        Node stateless;
        status = run_node(stateless, call);
      } else {
        status = run_node(*static_cast<Node*>(node), call);
      }
      return call.is_async() ? static_cast<pflow_status>(PFLOW_PENDING) : status;
    } catch (...) {
      if (!call.is_async()) return guarded(c, []() -> pflow_status { throw; });
      // The call belongs to its Completion now, which has ended it or will: only the log can still be told.
      Host::log(Level::kError, "a node threw after it had made its call asynchronous");
      return PFLOW_PENDING;
    }
  }

  static void PFLOW_CALL cancel(void* node, pflow_call* c) noexcept {
    try {
      if constexpr (kStateless<Node>) {
        Node stateless;
        stateless.cancel(static_cast<CallId>(c));
      } else {
        static_cast<Node*>(node)->cancel(static_cast<CallId>(c));
      }
    } catch (...) {
      Host::log(Level::kError, "a node's cancel() threw");
    }
  }
};

template <class Node>
const std::string& descriptor_of() {
  static const std::string text = [] {
    Description description;
    if constexpr (requires { Node::describe(description); }) Node::describe(description);
    return description.descriptor(fields_of<Node>().schema());
  }();
  return text;
}

template <class Node>
pflow_node_type type_of(pflow_str plugin_version) {
  pflow_node_type type{};
  type.struct_size = sizeof type;
  if constexpr (requires { Node::kFlags; }) type.flags = Node::kFlags;
  type.type_name = to_str(Node::kType);
  type.version = plugin_version;
  if constexpr (requires { Node::kVersion; }) type.version = to_str(Node::kVersion);
  type.descriptor_json = to_str(descriptor_of<Node>());
  if constexpr (requires { Node::kMaxConcurrency; }) type.max_concurrency = Node::kMaxConcurrency;
  if constexpr (!kStateless<Node>) {
    type.create = &NodeEdge<Node>::create;
    type.destroy = &NodeEdge<Node>::destroy;
  }
  type.run = &NodeEdge<Node>::run;
  if constexpr (requires(Node node, CallId id) { node.cancel(id); }) type.cancel = &NodeEdge<Node>::cancel;
  return type;
}

/// The functions of a plugin as the entry record wants them.
template <class Hooks, class... Nodes>
struct PluginEdge {
  static pflow_status PFLOW_CALL init(const pflow_host* host, pflow_call* c) noexcept {
    if (host == nullptr || host->struct_size < PFLOW_HOST_SIZE_1_0) return PFLOW_E_UNSUPPORTED;
    Host::attach(host);
    return guarded(c, [&]() -> pflow_status {
      if constexpr (requires(Call & call) { Hooks::init(call); }) {
        Call call(c);
        Hooks::init(call);
      }
      return PFLOW_OK;
    });
  }

  static void PFLOW_CALL deinit() noexcept {
    if constexpr (requires { Hooks::deinit(); }) Hooks::deinit();
  }

  static std::size_t PFLOW_CALL count() noexcept { return sizeof...(Nodes); }

  static const pflow_node_type* PFLOW_CALL at(std::size_t index) noexcept {
    try {
      static const std::array<pflow_node_type, sizeof...(Nodes)> types{type_of<Nodes>(pflow_plugin_v1.version)...};
      return index < types.size() ? &types[index] : nullptr;
    } catch (const std::exception& error) {
      if (Host::attached()) Host::log(Level::kError, error.what());
      return nullptr;
    } catch (...) {
      return nullptr;
    }
  }

  static const void* PFLOW_CALL get_factory(const char* factory_id) noexcept {
    static constexpr pflow_node_factory kFactory{sizeof(pflow_node_factory), 0, &count, &at};
    return std::strcmp(factory_id, PFLOW_FACTORY_NODES) == 0 ? &kFactory : nullptr;
  }

  static constexpr pflow_plugin_entry entry(std::string_view id, std::string_view version) noexcept {
    return {PFLOW_ENTRY_MAGIC,
            sizeof(pflow_plugin_entry),
            PFLOW_ABI_MAJOR,
            PFLOW_ABI_MINOR,
            PFLOW_TARGET_MINOR,
            0,
            0,
            0,
            to_str(id),
            to_str(version),
            &init,
            &deinit,
            &get_factory};
  }
};
}  // namespace detail

}  // namespace v1
}  // namespace pflow::sdk

/// Makes the shared library a plugin: PFLOW_PLUGIN("com.acme.nodes", "1.2.0", Greet, Count);
/// Once in a library, at global scope; id and version are literals, the rest are node classes.
#define PFLOW_PLUGIN(id, version, ...) PFLOW_PLUGIN_WITH(::pflow::sdk::NoHooks, id, version, __VA_ARGS__)

/// The same with `struct Hooks { static void init(Call&); static void deinit() noexcept; }`, either of which may be
/// left out. init runs once before anything else (params() = the plugin's settings; throw to refuse to load); deinit
/// once after all calls have ended: the plugin's threads have stopped when it returns.
#define PFLOW_PLUGIN_WITH(Hooks, id, version, ...)     \
  PFLOW_NOTE(PFLOW_TARGET_MINOR, id);                  \
  constinit const pflow_plugin_entry pflow_plugin_v1 = \
      ::pflow::sdk::detail::PluginEdge<Hooks, __VA_ARGS__>::entry(id, version)
