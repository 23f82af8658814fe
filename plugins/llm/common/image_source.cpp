#include "image_source.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "base64.hpp"

namespace pflow::llm {
namespace {

constexpr std::size_t kShownSource = 200;    // of a source in a message
constexpr std::size_t kShownDataBytes = 40;  // of one that holds the bytes

[[noreturn]] void fail(pflow_status status, std::string_view code, std::string_view source, std::string_view problem) {
  std::string message = "image ";
  const std::size_t shown = source.starts_with("data:") ? kShownDataBytes : kShownSource;
  sdk::append_json(message, sdk::head(source, shown));
  message.append(": ").append(problem);
  throw sdk::Failure{.status = status, .code = std::string(code), .message = std::move(message)};
}

// Empty: none that is known.
std::string_view media_type_of(std::string_view bytes) noexcept {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
  if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return "image/gif";
  if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") return "image/webp";
  return {};
}

[[noreturn]] void fail_too_large(std::string_view source, std::uintmax_t bytes) {
  std::string problem = "it has ";
  sdk::append_number(problem, bytes);
  sdk::append_number(problem += " bytes; at most ", kMaxImageBytes);
  fail(PFLOW_E_INVALID, "image_too_large", source, problem + " can be sent");
}

Image from_data_url(std::string_view source) {
  constexpr std::string_view kForm = "expected a data URL of the form data:image/png;base64,...";
  const std::size_t comma = source.find(',');
  constexpr std::size_t kScheme = 5;  // "data:"
  if (comma == std::string_view::npos) fail(PFLOW_E_INVALID, "unknown_image", source, kForm);
  std::string_view kind = source.substr(kScheme, comma - kScheme);
  constexpr std::string_view kBase64 = ";base64";
  if (!kind.ends_with(kBase64) || !kind.starts_with("image/")) fail(PFLOW_E_INVALID, "unknown_image", source, kForm);
  kind.remove_suffix(kBase64.size());
  std::string bytes;
  const std::string_view data = source.substr(comma + 1);
  if (data.size() / 4 * 3 > kMaxImageBytes) fail_too_large(source, data.size() / 4 * 3);
  if (data.empty() || !base64::decode(data, bytes))
    fail(PFLOW_E_INVALID, "unknown_image", source, "its data is no base64");
  Image image;
  image.media_type = kind.substr(0, kind.find(';'));
  image.base64 = base64::encode(bytes);
  return image;
}

std::string read_file(const std::filesystem::path& path, std::string_view source) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    fail(PFLOW_E_NOT_FOUND, "file_not_found", source, "there is no file " + path.string());
  if (error == std::errc::permission_denied)
    fail(PFLOW_E_DENIED, "permission_denied", source, path.string() + " may not be looked at");
  if (error) fail(PFLOW_E_IO, "read_failed", source, path.string() + " cannot be read: " + error.message());
  if (status.type() != std::filesystem::file_type::regular)
    fail(PFLOW_E_INVALID, "unknown_image", source, path.string() + " is no file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > kMaxImageBytes) fail_too_large(source, size);
  std::ifstream in(path, std::ios::binary);
  if (!in) fail(PFLOW_E_DENIED, "permission_denied", source, path.string() + " cannot be opened");
  std::string bytes;
  bytes.resize(error ? 0 : static_cast<std::size_t>(size));
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad() || static_cast<std::size_t>(in.gcount()) != bytes.size())
    fail(PFLOW_E_IO, "read_failed", source, path.string() + " cannot be read");
  return bytes;
}

}  // namespace

Image read_image(std::string_view source) {
  if (source.empty()) fail(PFLOW_E_INVALID, "unknown_image", source, "expected a path or a URL");
  Image image;
  if (source.starts_with("https://") || source.starts_with("http://")) {
    image.url = source;
    return image;
  }
  if (source.starts_with("data:")) return from_data_url(source);
  const std::string bytes = read_file(source, source);
  const std::string_view type = media_type_of(bytes);
  if (type.empty()) fail(PFLOW_E_INVALID, "unknown_image", source, "its bytes are none of PNG, JPEG, GIF or WebP");
  image.media_type = type;
  image.base64 = base64::encode(bytes);
  return image;
}

}  // namespace pflow::llm
