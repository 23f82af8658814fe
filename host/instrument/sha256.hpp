#pragma once
#include <filesystem>
#include <string>
#include "core/base/result.hpp"
namespace pflow::host { [[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path&); }
