#pragma once
/// The C++ layer over <pflow/plugin.h>: header-only, standard library only, C++20.
///
/// A node type is a class:
///
///     struct Greet {
///       static constexpr std::string_view kType = "acme.greet";
///       static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;        // optional
///
///       struct Params {
///         std::string_view name = "world";
///         static void declare(pflow::sdk::Fields<Params>& f) { f.add("name", &Params::name, "Whom to greet"); }
///       };
///
///       static void describe(pflow::sdk::Description& d) {
///         d.text("Greets by name").primary("greeting", pflow::sdk::Output::kString, "The text");
///       }
///
///       void run(const Params& params, pflow::sdk::Call& call) const {
///         call.set("greeting", "Hello, " + std::string(params.name));
///       }
///     };
///
///     PFLOW_PLUGIN("com.acme.nodes", "1.2.0", Greet);
///
/// Work is written either as run(params, call) or as three steps: prep(params, call) reads, exec(prepared) works and
/// touches nothing else, post(prepared, result, call) writes and may return the action's word. A class without data
/// members is stateless; one with members gets an instance per node of a
/// workflow, made by its default constructor or by one that takes Call& (params() are then the raw ones).
///
/// To fail, throw Failure (or return it as an Outcome). Whatever else is thrown becomes an error of the call too.
/// Failures thrown by make, set and get need no handling. Optional: kVersion, kMaxConcurrency, cancel(CallId).
///
/// An asynchronous node takes a Completion from call.start_async() and moves it to where the work ends. Parameters read
/// as std::string_view and Values stay valid until then; the Params struct and the Call do not outlive run().
#if !defined(__cplusplus) || (__cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L))
#error "<pflow/node.hpp> needs C++20; <pflow/plugin.h> works from C11 and C++11 on"
#endif

#include "pflow/sdk/call.hpp"
#include "pflow/sdk/completion.hpp"
#include "pflow/sdk/description.hpp"
#include "pflow/sdk/http.hpp"
#include "pflow/sdk/params.hpp"
#include "pflow/sdk/plugin.hpp"
#include "pflow/sdk/usage.hpp"
