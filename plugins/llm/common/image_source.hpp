#pragma once
#include <string>
#include <string_view>

#include "llm_wire.hpp"

namespace pflow::llm {

/// The largest image file that is sent: what the strictest of the big vendors takes, with room.
inline constexpr std::size_t kMaxImageBytes = std::size_t{20} << 20;

/// The most that all images of a question may have together.
inline constexpr std::size_t kMaxImagesBytes = std::size_t{64} << 20;

/// Reads one item of `images`: an http or https URL stays one, a data: URL is taken apart, anything else is the path of
/// a file, as for all nodes that take one. What a file is, its first bytes tell: PNG, JPEG, GIF, WebP.
/// Throws Failure: file_not_found, permission_denied, image_too_large, unknown_image, read_failed.
[[nodiscard]] Image read_image(std::string_view source);

}  // namespace pflow::llm
