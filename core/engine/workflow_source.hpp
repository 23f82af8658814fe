#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/ir/workflow.hpp"

namespace pflow {

/// A workflow document that a node of another one names.
struct WorkflowPlace {
  std::string path;  ///< its own, the same however it was named; what stands before the last "/" is its folder
  std::string name;  ///< what messages call it
};

/// Where a plan gets the documents of nested workflows from: files, or a test's table.
class WorkflowSource {
 public:
  virtual ~WorkflowSource() = default;

  /// `ref` as written, relative to `dir`; an empty one is the process's working directory. An error has no place of its
  /// own: it belongs to the node. Errors: kUnreadable, kInvalidValue.
  [[nodiscard]] virtual Result<WorkflowPlace> by_ref(std::string_view ref, std::string_view dir) = 0;

  /// A saved workflow; the same errors.
  [[nodiscard]] virtual Result<WorkflowPlace> by_name(std::string_view name) = 0;

  /// Reads what was found and parses it; problems as parse_workflow tells them. Asked once for each path.
  [[nodiscard]] virtual std::optional<ir::Workflow> read(const WorkflowPlace& place, Problems& problems) = 0;
};

}  // namespace pflow
