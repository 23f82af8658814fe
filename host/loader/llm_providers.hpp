#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/node_factory.hpp"
#include "host/loader/llm_choice.hpp"
#include "host/loader/registry.hpp"

namespace pflow::host {

/// An input of the workflow that is being planned.
struct LlmInput {
  std::string name;
  std::optional<Value> value;  ///< nothing: only a run will know
};

/// The registry as a plan sees it: nodes of type `llm` become nodes of the provider that answers them, and the
/// parameters of a provider's node get what the host decides: `provider` is taken out, `model` and `base_url` are
/// written in. Looks for providers and reads defaults when the first such node is met. Not thread-safe.
class LlmProviders final : public NodeFactory {
 public:
  using ReadDefaults = std::function<Result<LlmDefaults>()>;

  /// A type that says it implements `llm`, or why it cannot be used.
  struct Offered {
    std::string_view type_name;
    const NodeType* type = nullptr;
    std::optional<Error> error;
  };

  /// `registry` is borrowed and owns the node types. `read` is called once at most.
  LlmProviders(Registry& registry, std::vector<LlmInput> inputs, ReadDefaults read)
      : registry_(registry), inputs_(std::move(inputs)), read_(std::move(read)) {}

  [[nodiscard]] Result<const NodeType*> find(std::string_view type_name) override { return registry_.find(type_name); }

  [[nodiscard]] Result<std::unique_ptr<Node>> create(const NodeType& type, const Value& params) override {
    return registry_.create(type, params);
  }

  /// A `provider` may be a template over inputs, no other one. Where it or the model waits for an input that only a run
  /// will know, and nothing else decides, some provider stands in: good for checking, not for a run.
  [[nodiscard]] Result<Selection> select(std::string_view type_name, const Value& params) override;

  /// A nested workflow's inputs: known as far as what they get is.
  void enter_workflow(const ir::Workflow& workflow, const Value& mapping) override;
  void leave_workflow() override;

  /// The same for a node of type `llm` or of a provider's, with the reason.
  [[nodiscard]] Result<LlmChoice> choose(std::string_view type_name, const Value& params);

  [[nodiscard]] const std::vector<Offered>& offered();  ///< by type name
  [[nodiscard]] const Result<LlmDefaults>& defaults();

  /// One warning for each provider that was selected and lacks a key.
  [[nodiscard]] Problems missing_keys_of_selected();

 private:
  struct Text;

  /// How far a value with templates is known before the run.
  enum class Known : std::uint8_t {
    kNow,
    kOfInputs,  ///< of inputs that only a run will know
    kOpen,      ///< of something else
  };

  struct FilledIn {
    Known known = Known::kOpen;
    Value value;
  };

  [[nodiscard]] Result<Text> text_of(const Value& params, std::string_view name) const;
  [[nodiscard]] Result<FilledIn> filled_in(const Value& written, std::string_view name) const;
  [[nodiscard]] Result<LlmWish> wish_of(const Value& params, bool& waits_for_inputs) const;
  [[nodiscard]] Result<LlmChoice> choose_any(const LlmWish& wish, bool waits_for_inputs);
  [[nodiscard]] Error with_refusals(Error e);

  Registry& registry_;
  std::vector<LlmInput> inputs_;
  std::vector<std::vector<LlmInput>> around_;  // those of the workflows around the one that is being planned
  ReadDefaults read_;
  std::optional<std::vector<Offered>> offered_;
  std::vector<const NodeType*> usable_;
  std::optional<Result<LlmDefaults>> defaults_;
  std::vector<const NodeType*> selected_;
};

}  // namespace pflow::host
