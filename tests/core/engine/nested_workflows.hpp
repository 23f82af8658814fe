#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "core/engine/workflow_source.hpp"
#include "core/ir/parse.hpp"

namespace pflow {

/// Documents by path, in the place of files. "/flows/a.json" is called "a.json" in messages; saved ones are in
/// "/saved".
class FakeWorkflows final : public WorkflowSource {
 public:
  FakeWorkflows& add(std::string path, std::string document) {
    documents_[std::move(path)] = std::move(document);
    return *this;
  }

  Result<WorkflowPlace> by_ref(std::string_view ref, std::string_view dir) override {
    return at(ref.starts_with('/') ? std::string(ref) : fmt::format("{}/{}", dir.empty() ? "/here" : dir, ref));
  }

  Result<WorkflowPlace> by_name(std::string_view name) override { return at(fmt::format("/saved/{}.json", name)); }

  std::optional<ir::Workflow> read(const WorkflowPlace& place, Problems& problems) override {
    ++reads;
    return ir::parse_workflow(documents_.at(place.path), place.name, problems);
  }

  int reads = 0;

 private:
  Result<WorkflowPlace> at(const std::string& path) const {
    if (documents_.count(path) == 0) {
      return Error{.code = Code::kUnreadable, .message = fmt::format("there is no workflow {}", path)};
    }
    return WorkflowPlace{path, path.substr(path.rfind('/') + 1)};
  }

  std::map<std::string, std::string> documents_;
};

}  // namespace pflow
