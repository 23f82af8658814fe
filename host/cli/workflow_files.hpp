#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/redactor.hpp"
#include "core/engine/workflow_source.hpp"

namespace pflow::host {

/// Nested workflows in files: beside the document that names them, and saved ones in `HOME/workflows/NAME.json`. What
/// is secret in them by its name is kept out of messages from when they are read.
class WorkflowFiles final : public WorkflowSource {
 public:
  /// `home` is the folder of the program's own files, empty when there is none; `redactor` is borrowed.
  WorkflowFiles(std::filesystem::path home, Redactor& redactor) : home_(std::move(home)), redactor_(redactor) {}

  /// The document that the run is of: a file, or "-" for stdin, which stands in no folder.
  [[nodiscard]] static WorkflowPlace place_of(const std::string& word);

  [[nodiscard]] Result<WorkflowPlace> by_ref(std::string_view ref, std::string_view dir) override;
  [[nodiscard]] Result<WorkflowPlace> by_name(std::string_view name) override;
  [[nodiscard]] std::optional<ir::Workflow> read(const WorkflowPlace& place, Problems& problems) override;

 private:
  std::filesystem::path home_;
  Redactor& redactor_;
};

}  // namespace pflow::host
