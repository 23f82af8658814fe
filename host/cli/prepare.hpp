#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/plan.hpp"
#include "core/ir/inputs.hpp"
#include "core/pricing/price_book.hpp"
#include "host/cli/session.hpp"

namespace pflow::host {

/// A workflow that is ready: what `run` needs from the document, the command line and the plugins.
struct Prepared {
  std::optional<ir::Workflow> workflow;
  std::vector<ir::BoundInput> inputs;
  std::unique_ptr<Plan> plan;
  std::unique_ptr<PriceBook> prices;  ///< with the user's own prices; of a run that is measured, or of any --price
  std::uint32_t visits = 0;
};

/// Reads the document, gathers its inputs and plans it, telling all problems at once. From here on, what is
/// secret in its inputs and parameters is kept out of everything on stderr. The plan is null when there are errors.
[[nodiscard]] Prepared prepare(Session& session, Registry& registry, Problems& errors, Problems& warnings);

/// The nodes and their edges, for --dry-run: known even when something that they need is missing; those of nested
/// workflows only with a plan, which may be null.
[[nodiscard]] std::string chain_text(const ir::Workflow& workflow, const Plan* plan);

/// The nodes of a nested workflow, a line each, and those within them.
[[nodiscard]] std::string nested_text(const PlanChild& child, std::size_t indent);

}  // namespace pflow::host
