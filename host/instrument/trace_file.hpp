#pragma once
#include <filesystem>
#include <memory>
#include "core/base/result.hpp"
#include "core/trace/trace_sink.hpp"
namespace pflow::host {
class TraceFile : public TraceSink { public:
 static Result<std::unique_ptr<TraceFile>> create(const std::filesystem::path& folder, std::string_view stem);
 bool write_at(std::uint64_t, std::string_view) noexcept override;
 const std::filesystem::path& path() const { return p; } std::filesystem::path p; int fd=-1; std::uint64_t size=0; };
}
